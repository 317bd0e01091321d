import type { Page } from 'playwright-core';
import { follow, pageFaults } from '../support/browser.js';
import { BrowserStand } from '../support/browser-stand.js';
import type { Role } from '../../src/access/domain/roles.js';
import { keepScreenshot } from '../support/screenshots.js';

const stand = new BrowserStand();

const pageOf = (role: Role | null, scripts = false): Promise<Page> =>
  stand.pageOf(role, { width: 320, scripts });
const words = (page: Page) => page.locator('main').innerText();

/** Looking for faults needs scripts on the page. */
it.each([
  { how: 'with scripts', scripts: true, number: '+33612345650' },
  { how: 'without scripts', scripts: false, number: '+33612345652' },
])(
  'a stranger says it on a small phone $how; two agents open the number again',
  async ({ scripts, number }) => {
    const faults = async (page: Page) => (scripts ? pageFaults(page) : []);
    const person = await stand.world.person('Noor', 'Tillac', number);
    const link = await stand.world.stopLink(await stand.world.booked(person, '2026-06-12', '11:00'));

    const phone = await pageOf(null, scripts);
    await phone.goto(link);
    expect(await faults(phone)).toEqual([]);
    expect(await words(phone)).not.toMatch(/Noor|Tillac/);
    await follow(phone, () => phone.getByRole('link', { name: 'Ce n’est pas moi' }).click());
    expect(await faults(phone)).toEqual([]);
    await keepScreenshot(phone, 'wrong-person-confirm-320');
    const confirm = phone.getByRole('button', { name: 'Je confirme, ce n’est pas moi' });
    await follow(phone, () => confirm.click());
    await phone.getByText('C’est noté, merci').waitFor();
    expect(await faults(phone)).toEqual([]);
    await phone.context().close();

    const first = await pageOf('cpip', scripts);
    await first.goto(`/persons/${person}`);
    expect(await words(first)).toContain('rien ne part vers lui');
    expect(await faults(first)).toEqual([]);
    await keepScreenshot(first, 'person-blocked-320');
    await follow(first, () => first.getByRole('button', { name: 'Demander de rouvrir ce numéro' }).click());
    expect(await words(first)).toContain('un autre agent doit le confirmer');
    expect(await first.getByRole('button', { name: /Confirmer/ }).count()).toBe(0);
    await first.context().close();

    const second = await pageOf('dpip', scripts);
    await second.goto(`/persons/${person}`);
    await follow(second, () => second.getByRole('button', { name: /Confirmer/ }).click());
    expect(await words(second)).toContain('Joignable par SMS');
    expect(await words(second)).toContain('Numéro rouvert');
    await second.context().close();
  },
);

it('a question shows on the page of tasks, as typed', async () => {
  await stand.world.person('Lou', 'Marchal', '+33612345653');
  await stand.world.replied('+33612345653', 'Je peux venir avec <i>ma fille</i> ?');
  const page = await pageOf('cpip');
  await page.goto('/tasks');
  expect(await words(page)).toContain('Je peux venir avec <i>ma fille</i> ?');
  await page.context().close();
});

it('an agent resumes texts with the word of the person, and sees what was answered', async () => {
  const person = await stand.world.person('Ilan', 'Vasseur', '+33612345651');
  await stand.world.replied('+33612345651', 'STOP les sms <b>svp</b>');
  const page = await pageOf('cpip');
  await page.goto(`/persons/${person}`);
  expect(await words(page)).toContain('STOP les sms <b>svp</b>');
  expect(await words(page)).toContain('par la personne');
  await follow(page, () => page.getByRole('link', { name: 'Reprendre les SMS, à sa demande' }).click());
  const resume = () => page.getByRole('button', { name: 'Reprendre les SMS' }).click();
  await follow(page, resume);
  await page.getByRole('alert').waitFor();
  expect(await words(page)).toContain('Dites comment la personne l’a dit');
  await page.getByRole('radio', { name: 'Au téléphone' }).check();
  await follow(page, resume);
  await page.getByText('Joignable par SMS').waitFor();
  expect(await words(page)).toContain('dit au téléphone le');
  await page.context().close();
});
