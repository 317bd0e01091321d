import type { Browser, Page } from 'playwright-core';
import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { freePort } from '../../demo/support/free-port.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { follow, launchBrowser, openContext, settled, signIn } from '../support/browser.js';
import { BrowserWorld, FRIDAY_AFTERNOON, MONDAY, PASSWORD } from '../support/browser-world.js';
import { eventually } from '../support/engine.js';
import { keepScreenshot } from '../support/screenshots.js';

const ACCOUNT = { accountSid: `AC${'1'.repeat(32)}`, authToken: 'token-of-the-simulator' };
/** For a message that is due: the relay looks each second, the machine may be busy. */
const PATIENCE_MS = 60_000;

let operator: OperatorSimulator;
let test: TestApp;
let browser: Browser;
let world: BrowserWorld;

beforeAll(async () => {
  operator = await startOperatorSimulator(ACCOUNT);
  const port = await freePort();
  test = await startTestApp({
    role: 'all',
    env: {
      PORT: String(port),
      PUBLIC_BASE_URL: `http://127.0.0.1:${port}`,
      SEND_WINDOW: '00:00-23:59',
      SMS_PROVIDERS: 'twilio',
      TWILIO_ACCOUNT_SID: ACCOUNT.accountSid,
      TWILIO_AUTH_TOKEN: ACCOUNT.authToken,
      TWILIO_SENDER: 'MonSuiviJus',
      TWILIO_API_BASE_URL: operator.url,
    },
  });
  browser = await launchBrowser();
  world = await new BrowserWorld(test).build();
});

afterAll(async () => {
  await browser.close();
  await test.close();
  await operator.stop();
});

const hasFocus = (page: Page, selector: string) =>
  page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);

/** Goes on with the Tab key, as somebody without a mouse, until it is there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let steps = 0; steps < 80; steps += 1) {
    if (await hasFocus(page, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`eighty times Tab, and never at ${selector}`);
}

/** The arrow chooses in a list and within a group of radio buttons; the page brings its texts up to date. */
async function nextChoice(page: Page): Promise<void> {
  const texts = page.waitForResponse((answer) => answer.url().endsWith('/preview'));
  await page.keyboard.press('ArrowDown');
  await texts;
  await settled(page);
}

async function bookByKeyboard(page: Page): Promise<void> {
  await tabTo(page, 'input[name=typeCode]');
  for (let steps = 0; steps < 4 && !(await hasFocus(page, '#type-suivi-spip')); steps += 1)
    await nextChoice(page);
  expect(await hasFocus(page, '#type-suivi-spip:checked')).toBe(true);
  await tabTo(page, 'select[name=agendaId]');
  await nextChoice(page);
  await tabTo(page, 'input[name=seat]');
  await nextChoice(page);
  await tabTo(page, '.confirm button');
  await page.keyboard.press('Enter');
}

async function bookByDoubleClick(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Convocation de suivi SPIP', exact: true }).check();
  await page.getByLabel('Lieu et agenda').selectOption({ label: 'SPIP de Nanterre, Bureau 2' });
  const refresh = page.getByRole('button', { name: 'Actualiser les créneaux et les textes' });
  await follow(page, () => refresh.click());
  await page
    .getByRole('radio', { name: /Vendredi 12\sjuin/ })
    .first()
    .check();
  await page.getByRole('button', { name: 'Convoquer', exact: true }).dblclick();
}

describe.each([
  { how: 'the keyboard alone', book: bookByKeyboard, width: 1280, scripts: true, end: '21' },
  { how: 'a double click, without scripts', book: bookByDoubleClick, width: 320, scripts: false, end: '22' },
])('booked by $how', ({ book, width, scripts, end }) => {
  it('reaches the phone once; the link of the text stops texts; absence is counted', async () => {
    await world.moveTo(MONDAY);
    const context = await openContext(browser, test.baseUrl, { width, scripts });
    const page = await context.newPage();
    await signIn(page, 'cpip@example.test', PASSWORD);
    await page.goto('/persons/new');
    await page.getByLabel('Nom', { exact: true }).fill('Aubrac');
    await page.getByLabel('Prénom').fill('Lise');
    await page.getByLabel('Téléphone', { exact: true }).fill(`06 12 34 56 ${end}`);
    await page.getByRole('button', { name: 'Enregistrer et convoquer' }).click();
    await page.waitForURL(/\/convoke$/);
    const personId = new URL(page.url()).pathname.split('/')[2] ?? '';

    await book(page);
    await page.waitForURL(/\/convocations\//);
    await page.getByText('Convocation enregistrée.').waitFor();
    const convocation = new URL(page.url()).pathname;
    const booked: unknown[] = await test.dataSource.query('SELECT FROM convocation WHERE person_id = $1', [
      personId,
    ]);
    expect(booked).toHaveLength(1);

    const texts = () => operator.messages(`+336123456${end}`);
    await eventually(async () => texts().length > 0, PATIENCE_MS);
    await eventually(async () => {
      await page.goto(convocation);
      return (await page.getByText('Reçu', { exact: true }).count()) === 1;
    }, PATIENCE_MS);
    expect(texts()).toHaveLength(1);
    await keepScreenshot(page, `text-delivered-${width}`);

    expect(await operator.reply(`+336123456${end}`, 'Oui je serai là 👍')).toBe(204);
    await page.reload();
    expect(await page.locator('main').innerText()).toContain('A répondu qu’elle viendra');

    const link = /https?:\/\/\S+\/s\/\S+/.exec(texts()[0]?.body ?? '')?.[0] ?? '';
    const phone = await openContext(browser, test.baseUrl, { width: 320, scripts });
    const opened = await phone.newPage();
    await opened.goto(link);
    await page.goto(`/persons/${personId}`);
    await page.getByText('Joignable par SMS').waitFor();
    await opened.getByRole('button', { name: 'Arrêter les SMS' }).click();
    await opened.getByText('Vos rendez-vous restent obligatoires').waitFor();
    await phone.close();
    await page.reload();
    expect(await page.locator('main').innerText()).toContain('par la personne');
    expect(await page.locator('main').innerText()).toContain('prévenez la personne vous-même');

    await world.moveTo(FRIDAY_AFTERNOON);
    await signIn(page, 'cpip@example.test', PASSWORD);
    await page.goto(convocation);
    await page.getByRole('button', { name: 'Absent' }).click();
    await page.getByText('Manquée').first().waitFor();
    expect(texts()).toHaveLength(1);
    await page.locator(width < 700 ? '.menu-button' : '.who').click();
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.getByText('Vous êtes déconnecté.').waitFor();
    await page.goto(convocation);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await context.close();
  });
});

it('shows a director the absences that were marked', async () => {
  const context = await openContext(browser, test.baseUrl, { width: 1280, scripts: false });
  const page = await context.newPage();
  await signIn(page, 'dpip@example.test', PASSWORD);
  await page.goto('/absence');
  expect(await page.locator('main').innerText()).toMatch(/2\s\/\s2/);
  await context.close();
});
