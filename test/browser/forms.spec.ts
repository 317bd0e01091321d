import type { Page } from 'playwright-core';
import type { Role } from '../../src/access/domain/roles.js';
import { follow, pageFaults, settled } from '../support/browser.js';
import { misledByEnter } from '../support/enter-key.js';
import { BrowserStand } from '../support/browser-stand.js';
import { FRIDAY_AFTERNOON, MONDAY } from '../support/browser-world.js';
import { keepScreenshot } from '../support/screenshots.js';

const stand = new BrowserStand();
const pageOf = (role: Role, width = 1280): Promise<Page> => stand.pageOf(role, { width, scripts: true });

/** What has left for the server so far. */
function posted(page: Page): readonly string[] {
  const paths: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') paths.push(new URL(request.url()).pathname);
  });
  return paths;
}

async function stateOf(convocationId: string): Promise<string | undefined> {
  const rows: { state: string }[] = await stand.test.dataSource.query(
    'SELECT state FROM convocation WHERE id = $1',
    [convocationId],
  );
  return rows[0]?.state;
}

describe('the Enter key in a field decides nothing', () => {
  it('leaves a task open, with the note that is being typed', async () => {
    const personId = await stand.world.person('Awa', 'Kermadec');
    const convocationId = await stand.world.booked(personId, '2026-06-17', '09:00');
    await stand.world.asked(personId, convocationId, 'reach-otherwise', 'phone-unreachable');
    const page = await pageOf('cpip');
    const posts = posted(page);
    await page.goto('/tasks');
    const note = page.getByLabel('Note (facultative)');
    await note.fill('rappelée, sans réponse');
    await note.press('Enter');
    await page.getByRole('button', { name: 'Joint', exact: true }).focus();
    expect(posts).toEqual([]);
    expect(await note.inputValue()).toBe('rappelée, sans réponse');
    await page.context().close();
  });

  it.each(['[name="arm.1"]', '#byService'])(
    'keeps the arms of a trial as they are typed, from %s',
    async (field) => {
      const page = await pageOf('admin');
      await page.goto('/trials/new');
      await page.locator('[name="arm.1"]').fill('Trois jours avant');
      await follow(page, () => page.locator(field).press('Enter'));
      expect(new URL(page.url()).pathname).toBe('/trials/new');
      expect(await page.locator('[name="arm.1"]').inputValue()).toBe('Trois jours avant');
      expect(await page.locator('.error-summary').count()).toBe(0);
      await page.context().close();
    },
  );

  it('marks nobody from the box about the absence message, which stays ticked', async () => {
    const convocationId = await stand.world.booked(
      await stand.world.person('Nour', 'Estrade'),
      '2026-06-08',
      '10:30',
    );
    await stand.world.moveTo(FRIDAY_AFTERNOON);
    const page = await pageOf('cpip');
    await page.goto(`/convocations/${convocationId}`);
    const box = page.getByLabel('Si absent, envoyer le SMS');
    await box.check();
    await follow(page, () => box.press('Enter'));
    expect(await stateOf(convocationId)).toBe('booked');
    expect(await box.isChecked()).toBe(true);
    expect(await page.locator('.error-summary').count()).toBe(0);
    await follow(page, () => page.getByRole('button', { name: 'Présent', exact: true }).click());
    expect(await stateOf(convocationId)).toBe('attended');
    await page.context().close();
    await stand.world.moveTo(MONDAY);
  });

  it('cancels nothing from what is said of a cancellation, which is kept', async () => {
    const convocationId = await stand.world.booked(
      await stand.world.person('Alix', 'Verdier'),
      '2026-06-18',
      '10:30',
    );
    const page = await pageOf('cpip');
    await page.goto(`/convocations/${convocationId}`);
    await page.getByLabel('Envoyer le SMS d’annulation').uncheck();
    await page.getByLabel('La personne').check();
    await follow(page, () => page.getByLabel('La personne').press('Enter'));
    expect(await stateOf(convocationId)).toBe('booked');
    expect(await page.getByLabel('La personne').isChecked()).toBe(true);
    expect(await page.getByLabel('Envoyer le SMS d’annulation').isChecked()).toBe(false);
    await page.context().close();
  });

  it('marks nobody from one outcome of a day, which stays chosen', async () => {
    const absent = await stand.world.booked(
      await stand.world.person('Line', 'Ormeau'),
      '2026-06-09',
      '09:00',
    );
    const other = await stand.world.booked(await stand.world.person('Marc', 'Ubald'), '2026-06-09', '10:00');
    await stand.world.moveTo(FRIDAY_AFTERNOON);
    const page = await pageOf('cpip');
    await page.goto('/days/2026-06-09');
    const choice = page.getByRole('group', { name: 'Issue pour Line Ormeau' }).getByLabel('Absent');
    await page.getByLabel('Envoyer le SMS d’absence aux absents').check();
    await choice.check();
    await follow(page, () => choice.press('Enter'));
    expect([await stateOf(absent), await stateOf(other)]).toEqual(['booked', 'booked']);
    expect(await choice.isChecked()).toBe(true);
    expect(await page.getByLabel('Envoyer le SMS d’absence aux absents').isChecked()).toBe(true);
    await page.context().close();
    await stand.world.moveTo(MONDAY);
  });

  it('shows a translation again instead of saving it unread', async () => {
    const page = await pageOf('admin');
    await page.goto('/messages/text?language=ar');
    await follow(page, () => page.locator('#confirmed').press('Enter'));
    expect(new URL(page.url()).pathname).toBe('/messages/text/preview');
    await page.context().close();
  });
});

it.each([
  ['main first', '<input><button>Oui</button><button class="secondary">Non</button>', 0],
  ['main after', '<input><button class="secondary">Non</button><button>Oui</button>', 1],
  ['two of one rank', '<input type="checkbox"><button>Oui</button><button>Non</button>', 1],
  [
    'one that Enter passes over',
    '<select></select><button disabled aria-hidden="true"></button><button>Oui</button>',
    1,
  ],
  ['nothing to type in', '<button class="secondary">Non</button><button>Oui</button>', 0],
])('knows what Enter presses in a form with %s', async (_what, content, faults) => {
  const page = await pageOf('cpip');
  await page.setContent(`<form action="/x">${content}</form>`);
  expect(await page.evaluate(misledByEnter)).toHaveLength(faults);
  await page.context().close();
});

describe('a refused booking leads to what mends it', () => {
  afterEach(() =>
    stand.test.dataSource.query(
      `UPDATE slot SET closed_at = NULL; UPDATE appointment_type SET needs_slot = false WHERE code = 'suivi-spip'`,
    ),
  );
  const oneCloses = () =>
    stand.test.dataSource.query(`UPDATE slot SET closed_at = app_now() WHERE local_time = '09:30'`);
  const allClose = () =>
    stand.test.dataSource.query(
      `UPDATE slot SET closed_at = app_now(); UPDATE appointment_type SET needs_slot = true WHERE code = 'suivi-spip'`,
    );
  const typeGoes = (page: Page) =>
    page.locator('#type-suivi-spip').evaluate((radio: HTMLInputElement) => (radio.value = 'nothing'));

  it.each([
    ['a seat that closed meanwhile, the first that is left', oneCloses, 'seat'],
    ['a seat where none is left, the agenda', allClose, 'agendaId'],
    ['a type that is not known, the first one', typeGoes, 'typeCode'],
  ])('for %s', async (_what, happens, name) => {
    const page = await pageOf('cpip');
    await page.goto(`/persons/${await stand.world.person('Sacha', 'Meunier')}/convoke`);
    await page.locator('#type-suivi-spip').check();
    await settled(page);
    await page.getByLabel('Lieu et agenda').selectOption({ label: 'SPIP de Nanterre, Bureau 2' });
    await settled(page);
    await page.locator('[name=seat]:not([value=free])').first().check();
    await settled(page);
    await happens(page);
    await follow(page, () => page.getByRole('button', { name: 'Convoquer', exact: true }).click());
    await page.locator('.error-summary a').click();
    const control = page.locator(':focus');
    expect(await control.getAttribute('name')).toBe(name);
    const wrong = page.locator('[aria-invalid=true]').filter({ has: control }).or(control);
    expect(await wrong.first().getAttribute('aria-invalid')).toBe('true');
    expect(await wrong.first().getAttribute('aria-describedby')).toMatch(/-error$/);
    expect(await pageFaults(page)).toEqual([]);
    await page.context().close();
  });
});

it('shows two alerts of one level as two parts of one region', async () => {
  for (const words of ['Nouvel agenda d’été.', 'Panne de téléphone ce matin.'])
    await stand.test.dataSource.query(
      `INSERT INTO agent_alert (level, text, starts_at, ends_at, written_by_agent_id)
       SELECT 'info', $1, app_now() - interval '1 hour', app_now() + interval '1 day', id FROM agent LIMIT 1`,
      [words],
    );
  for (const width of [1280, 320]) {
    const page = await pageOf('cpip', width);
    await page.goto('/');
    expect(await pageFaults(page)).toEqual([]);
    const region = page.getByRole('complementary', { name: 'Alertes' });
    expect(await region.getByRole('button', { name: /^J’ai lu/ }).count()).toBe(2);
    await keepScreenshot(page, `two-alerts-${width}`);
    await page.context().close();
  }
});

it('shows what leaves and when without scrolling sideways, on a narrow screen', async () => {
  const page = await pageOf('admin', 320);
  await page.goto('/plans/edit');
  const table = page.getByRole('table', { name: 'Textes par rendez-vous et par personne' });
  expect(await table.locator('li').first().isVisible()).toBe(true);
  const { right } = await table.evaluate((element) => element.getBoundingClientRect());
  expect(right).toBeLessThanOrEqual(320);
  const calendar = page.getByRole('region', { name: 'Calendrier des textes' });
  expect(await calendar.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  expect(await calendar.getByText('Rappel, la veille').isVisible()).toBe(true);
  await keepScreenshot(page, 'plan-samples-320');
  await page.context().close();
});
