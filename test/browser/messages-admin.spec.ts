import { follow, watchErrors } from '../support/browser.js';
import { BrowserStand } from '../support/browser-stand.js';

const stand = new BrowserStand();

it.each([true, false])('a text is judged and priced while it is written (scripts: %s)', async (scripts) => {
  const page = await stand.pageOf('admin', { width: 1280, scripts });
  const errors = watchErrors(page);
  const show = async () => {
    if (!scripts) await page.getByRole('button', { name: 'Voir l’aperçu' }).click();
  };
  await page.goto(`/messages/text?organization=${stand.world.organizationId}&type=suivi-spip&kind=reminder`);
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
  await page.context().close();
});

it('a text of several lines is shown as a phone shows it: line by line, each in its own direction', async () => {
  const page = await stand.pageOf('admin', { width: 1280, scripts: false });
  await page.goto('/messages/text?kind=reminder&language=ar');
  const shown = page.locator('#preview blockquote');
  const lines = (await shown.innerText()).split('\n');
  expect(lines.length).toBeGreaterThan(3);
  const address = lines.find((line) => /^\d+ \S+ /.test(line)) ?? '';
  const [number, street] = await shown.evaluate((element, words) => {
    const text = element.firstChild as Text;
    const at = text.data.indexOf(words);
    return [at, at + words.indexOf(' ') + 1].map((from) => {
      const range = element.ownerDocument.createRange();
      range.setStart(text, from);
      range.setEnd(text, from + 1);
      return range.getBoundingClientRect().left;
    });
  }, address);
  expect(number).toBeLessThan(street ?? 0);
  await page.context().close();
});
