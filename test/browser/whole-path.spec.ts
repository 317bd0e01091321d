import type { BrowserContext, Page } from 'playwright-core';
import { follow, overflow, settled, signIn, watchErrors } from '../support/browser.js';
import { BrowserStand } from '../support/browser-stand.js';
import { FRIDAY_AFTERNOON, MONDAY, PASSWORD } from '../support/browser-world.js';
import { keepScreenshot } from '../support/screenshots.js';

const SCREENS = [
  { width: 1280, scripts: true },
  { width: 320, scripts: true },
  { width: 1280, scripts: false },
  { width: 320, scripts: false },
] as const;

const stand = new BrowserStand();

describe.each(SCREENS)('the whole path at $width px, scripts $scripts', (screen) => {
  const lastName = `Toussine${screen.width === 320 ? 'é' : 'è'}${screen.scripts ? 'a' : 'o'}`;
  const tag = `${screen.width}${screen.scripts ? '' : '-without-scripts'}`;
  let context: BrowserContext;
  let page: Page;
  let errors: readonly string[];

  beforeAll(async () => {
    await stand.world.moveTo(MONDAY);
    context = await stand.open(screen);
    page = await context.newPage();
    errors = watchErrors(page);
  });

  afterAll(async () => {
    await context.close();
  });

  const text = () => page.locator('main').innerText();
  const press = async (name: string | RegExp) => {
    const button = page.locator('main').getByRole('button', { name }).first();
    await follow(page, () => button.click());
  };
  /** With scripts the page follows by itself; without, a button asks for it. */
  const change = async (act: () => Promise<unknown>) => {
    if (screen.scripts) {
      await Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/preview')), act()]);
      await settled(page);
      return;
    }
    await act();
    await press('Actualiser les créneaux et les textes');
  };

  it('signs in after a wrong password, which names no half', async () => {
    await page.goto('/');
    await page.getByLabel('Adresse e-mail').fill('cpip@example.test');
    await page.getByLabel('Mot de passe').fill('not the password');
    await press('Se connecter');
    expect(await text()).toContain('L’adresse ou le mot de passe ne convient pas.');
    await page.getByLabel('Mot de passe').fill(PASSWORD);
    await press('Se connecter');
    expect(await text()).toContain('Lundi 8\u00a0juin\u00a02026');
  });

  it('registers a person; a refused phone keeps what was typed and says so at the field', async () => {
    await page.getByRole('link', { name: 'Nouveau probationnaire' }).click();
    await page.getByLabel('Nom', { exact: true }).fill(lastName);
    await page.getByLabel('Prénom').fill('Maëva');
    await page.getByLabel('Téléphone', { exact: true }).fill('06 12');
    await press('Enregistrer et convoquer');
    expect(await page.getByRole('alert').innerText()).toContain('n’est pas un numéro de téléphone');
    const phone = page.getByLabel('Téléphone', { exact: true });
    expect(await phone.getAttribute('aria-invalid')).toBe('true');
    expect(await phone.getAttribute('aria-describedby')).toContain('phone-error');
    expect(await page.getByLabel('Nom', { exact: true }).inputValue()).toBe(lastName);
    await phone.fill('06 12 34 56 12');
    await press('Enregistrer et convoquer');
    expect(await page.locator('h1').innerText()).toBe(`Convoquer Maëva ${lastName}`);
  });

  it('sees the real texts, their parts and the local hour of each before booking in Cayenne', async () => {
    await change(() => page.getByRole('radio', { name: 'Convocation de suivi SPIP', exact: true }).check());
    const agenda = page.getByLabel('Lieu et agenda');
    await change(() => agenda.selectOption({ label: 'SPIP de Cayenne, Bureau 4' }));
    expect(await text()).toMatch(/Il y est 5\sh\s12/);
    await page.getByRole('radio', { name: 'Date et heure libres' }).check();
    await page.getByLabel('Date', { exact: true }).fill('2026-06-12');
    await change(() => page.getByLabel('Heure, sur place').fill('09:30'));
    await page.getByText(/Textes prévus pour le 06/).waitFor();
    const preview = await page.locator('.preview').innerText();
    expect(preview).toContain('8\u00a0h\u00a000 (Cayenne)');
    expect(preview).toContain('rien ne part avant 8\u00a0h\u00a000');
    expect(preview).toContain('jeudi 11\u00a0juin à 9\u00a0h\u00a030 (Cayenne)');
    expect(preview).toMatch(/vendredi 12 juin 2026 à 9h30/);
    expect(preview).toMatch(/\d\sSMS facturés?, \d+\scaractères sur \d+/);
    expect(preview).not.toContain('12 34 56');
    expect(await overflow(page)).toBe(0);
    await keepScreenshot(page, `path-booking-${tag}`);
  });

  it('books, tells what leaves and when, and may take it back for a minute', async () => {
    await press('Convoquer');
    const told = await text();
    expect(told).toContain('Convocation enregistrée.');
    expect(told).toMatch(/Annuler, jusqu’à 10\sh\s1[23]/);
    expect(told).toContain('Vendredi 12\u00a0juin\u00a02026 à 9\u00a0h\u00a030 (Cayenne)');
    expect(await page.locator('.messages').first().getByText('Prévu').count()).toBe(3);
    await keepScreenshot(page, `path-booked-${tag}`);
  });

  it('moves it to one of the next seats in Nanterre', async () => {
    await page.getByRole('link', { name: 'Choisir une autre date' }).click();
    const agenda = page.getByLabel('Lieu et agenda');
    await change(() => agenda.selectOption({ label: 'SPIP de Nanterre, Bureau 2' }));
    await page
      .getByRole('radio', { name: /Vendredi 12\sjuin.*9\sh\s30/ })
      .first()
      .check();
    await press('Déplacer');
    expect(await text()).toContain('Convocation déplacée.');
    expect(await text()).toContain('Vendredi 12\u00a0juin\u00a02026 à 9\u00a0h\u00a030');
    expect(await text()).toContain('SMS de changement');
    expect(await page.getByText('Retiré', { exact: true }).count()).toBe(3);
  });

  it('stops the messages by the link of the text, and an agent sees it and may undo it', async () => {
    const convocationId = new URL(page.url()).pathname.split('/')[2] ?? '';
    const link = await stand.world.stopLink(convocationId);
    const phone = await stand.open(screen);
    const other = await phone.newPage();
    await other.goto(link);
    expect(await other.title()).toBe('Vos messages');
    expect(await other.content()).not.toMatch(/Toussine|SPIP|tribunal/);
    await other.getByRole('button', { name: 'Arrêter les SMS' }).click();
    await other.getByText('Les SMS sont arrêtés').waitFor();
    expect(await other.locator('main').innerText()).toContain('rendez-vous restent obligatoires');
    await phone.close();

    await follow(page, () => page.getByRole('link', { name: /^Fiche de/ }).click());
    expect(await text()).toContain('par la personne');
    await page.getByRole('link', { name: 'Reprendre les SMS, à sa demande' }).click();
    await page.getByRole('radio').first().check();
    await page.getByLabel('Quel jour').fill('2026-06-08');
    await press('Reprendre les SMS');
    expect(await text()).toContain('Joignable par SMS');
    expect(page.url()).not.toMatch(/Toussine/);
  });

  it('finds the person again by name, never in the address', async () => {
    await page.goto('/persons/search');
    await page
      .getByLabel('Chercher un probationnaire')
      .last()
      .fill(`${lastName.slice(0, 6)} maeva`);
    await press('Chercher');
    await page.getByRole('link', { name: `Maëva ${lastName}`, exact: true }).waitFor();
    expect(page.url()).toBe(`${stand.test.baseUrl}/persons/search`);
    expect(await text()).not.toContain('12 34 56');
  });

  it('marks who came, on the home page and on the day list', async () => {
    await stand.world.moveTo(FRIDAY_AFTERNOON);
    await signIn(page, 'cpip@example.test', PASSWORD);
    await page.goto('/');
    const row = page.getByRole('row').filter({ hasText: lastName });
    await follow(page, () => row.getByRole('button', { name: 'Absent' }).click());
    await row.getByText('Manquée').waitFor();

    await follow(page, () => row.getByRole('link', { name: /Manquée/ }).click());
    await press('Corriger l’issue');
    expect(await text()).toContain('de nouveau planifiée');
    await page.goto('/days/2026-06-12?half=am');
    await press('Tous présents sauf…');
    expect(await text()).toMatch(/1\sissue enregistrée/);
    await page.getByRole('row').filter({ hasText: lastName }).getByText('Honorée').waitFor();
    await keepScreenshot(page, `path-day-${tag}`);
  });

  it('ran without an error of the page', () => {
    expect(errors).toEqual([]);
  });
});

describe('a director', () => {
  it('opens, closes and reopens slots, then reads the absence', async () => {
    await stand.world.moveTo(FRIDAY_AFTERNOON);
    const context = await stand.open({ width: 1280, scripts: false });
    const page = await context.newPage();
    await signIn(page, 'dpip@example.test', PASSWORD);
    await page.goto(`/agendas/${stand.world.nanterre}?week=2026-06-15`);
    await page.getByLabel('Heures').fill('8h30 11:15');
    await page.getByLabel('À partir du').fill('2026-06-15');
    await page.getByLabel('Nombre de semaines').fill('1');
    await page.getByRole('button', { name: 'Ouvrir' }).click();
    await page.getByText('Créneaux ouverts\u00a0: 2.').waitFor();
    await page.getByRole('button', { name: /^Fermer le créneau de 8\sh\s30/ }).click();
    await page.getByText('Créneau fermé').waitFor();
    await page.getByRole('button', { name: /^Rouvrir le créneau de 8\sh\s30/ }).click();
    await page.getByText('Créneau rouvert.').waitFor();

    await page.goto('/absence');
    expect(await page.locator('main').innerText()).toMatch(/0\s\/\s4/);
    expect(await page.locator('svg title').first().textContent()).toContain('Taux d’absence par mois');
    expect(await page.locator('main').innerText()).toContain('mise en service');
    await context.close();
  });

  it('sees no clerk’s rooms opened by an address: absence is refused to a CPIP', async () => {
    const context = await stand.open({ width: 1280, scripts: false });
    const page = await context.newPage();
    await signIn(page, 'cpip@example.test', PASSWORD);
    const answer = await page.goto('/absence');
    expect(answer?.status()).toBe(403);
    expect(await page.locator('h1').innerText()).toBe('Accès refusé');
    await context.close();
  });
});
