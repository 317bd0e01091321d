import type { Browser } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/app.js';
import { follow, launchBrowser, openContext, watchErrors } from '../support/browser.js';
import { BrowserWorld } from '../support/browser-world.js';

let test: TestApp;
let browser: Browser;
let world: BrowserWorld;

beforeAll(async () => {
  test = await startTestApp();
  browser = await launchBrowser();
  world = await new BrowserWorld(test).build();
});
afterAll(async () => {
  await browser.close();
  await test.close();
});

it.each([true, false])('a text is judged and priced while it is written (scripts: %s)', async (scripts) => {
  const context = await openContext(browser, test.baseUrl, { width: 1280, scheme: 'light', scripts });
  await context.addCookies([{ name: 'sid', value: await world.session('admin'), url: test.baseUrl }]);
  const page = await context.newPage();
  const errors = watchErrors(page);
  const show = async () => {
    if (!scripts) await page.getByRole('button', { name: 'Voir l’aperçu' }).click();
  };
  await page.goto(`/messages/text?organization=${world.organizationId}&type=suivi-spip&kind=reminder`);
  const text = page.getByLabel('Texte', { exact: true });
  await text.fill(`Bientôt demain ${'venez '.repeat(10)}`);
  await show();
  await page.locator('mark', { hasText: 'demain' }).waitFor();
  await page.getByText('fait passer ce texte de 1 à 2').waitFor();
  await follow(page, () => page.getByRole('button', { name: 'Remplacer par {rdv.quand}' }).click());
  expect(await text.inputValue()).toMatch(/^Bientôt \{rdv\.quand\} venez/);
  await follow(page, () => page.getByRole('button', { name: /Remplacer «\sô\s» par/ }).click());
  expect(await text.inputValue()).toMatch(/^Bientot \{rdv\.quand\} venez/);
  await follow(page, () => page.getByRole('button', { name: 'Enregistrer ce texte' }).click());
  await page.getByText('Texte enregistré').waitFor();
  expect(await page.getByRole('button', { name: 'Revenir au texte par défaut' }).count()).toBe(1);
  expect(errors).toEqual([]);
  await context.close();
});
