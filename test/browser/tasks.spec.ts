import type { Browser } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/app.js';
import { launchBrowser, openContext } from '../support/browser.js';
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

describe('« À faire »', () => {
  it.each([true, false])(
    'is done by keyboard alone, from home to the end of a task (scripts: %p)',
    async (scripts) => {
      const personId = await world.person('Rosa', scripts ? 'Quintal' : 'Brindille');
      const convocationId = await world.booked(personId, '2026-06-17', scripts ? '09:00' : '10:00');
      await world.asked(personId, convocationId, 'reach-otherwise', 'phone-unreachable');
      const context = await openContext(browser, test.baseUrl, { width: 1280, scripts });
      await context.addCookies([{ name: 'sid', value: await world.session('cpip'), url: test.baseUrl }]);
      const page = await context.newPage();
      await page.goto('/');
      await page.getByRole('link', { name: /À joindre autrement/ }).press('Enter');
      await page.waitForURL('**/tasks');
      const card = page.getByRole('article', { name: /Rosa/ });
      expect(await page.content()).not.toMatch(/12\s?34\s?56/);
      await card.getByRole('button', { name: /^Afficher le numéro de Rosa/ }).press('Enter');
      const call = page.getByRole('link', { name: 'Appeler', exact: true });
      await call.waitFor();
      expect(await call.getAttribute('href')).toBe('tel:+33612345678');
      // In its place; without scripts, on the card of the person.
      expect(new URL(page.url()).pathname).toBe(scripts ? '/tasks' : `/persons/${personId}/contact`);
      if (!scripts) await page.goto('/tasks');
      await card.getByLabel('Note (facultatif)').fill('rappelée, viendra');
      await card.getByRole('button', { name: 'Joint', exact: true }).press('Enter');
      await page.getByRole('status').getByText('Tâche close').waitFor();
      expect(await card.count()).toBe(0);
      await page.goto(`/convocations/${convocationId}`);
      expect(await page.getByText('Personne jointe', { exact: true }).count()).toBe(1);
      expect(await page.getByText('rappelée, viendra').count()).toBe(1);
      await context.close();
    },
  );
});
