import { Browser, type Form, formsOf } from '../support/browser-lite.js';
import { HeldService } from '../support/held-service.js';

const COUNT = 3;

const service = new HeldService();
let admin: Browser;

beforeAll(async () => {
  await service.start(COUNT);
  admin = new Browser(service.web.baseUrl, service.admin.cookie);
});
afterAll(() => service.stop());

const fates = () =>
  service.web.dataSource.query(
    'SELECT state, reason, count(*)::int AS n FROM message GROUP BY 1, 2 ORDER BY 3',
  );

function formOf(page: string): Form {
  const found = formsOf(page).find(({ action }) => action === '/surety/release');
  if (found === undefined) throw new Error('no form that releases');
  return found;
}

const releaseForm = () => admin.form('/surety/release', '/surety/release');

describe('releasing a restored backup on the page', () => {
  it('asks what becomes of messages to numbers served since, and does it', async () => {
    await service.serve(1);
    await service.hold('restored-backup');
    const page = await admin.get('/surety/release');
    expect(page.text).toContain('1\u00a0message en attente va à un numéro qu’un opérateur a servi depuis');
    expect(page.text).toContain('Twilio\u00a0: liste lue jusqu’au ');
    expect(page.text).not.toMatch(/\+336\d|06\s\d\d/);

    const undecided = await admin.submit(await releaseForm(), {});
    expect(undecided.status).toBe(400);
    expect(undecided.text).toContain('dites ce qu’ils deviennent');
    expect(
      await service.web.dataSource.query('SELECT FROM sending_hold WHERE released_at IS NULL'),
    ).toHaveLength(1);

    expect((await admin.submit(await releaseForm(), { served: 'withhold' })).status).toBe(303);
    expect(await fates()).toEqual([
      { state: 'expired', reason: 'served-before-restore', n: 1 },
      { state: 'planned', reason: null, n: COUNT - 1 },
    ]);
  });

  it('asks nothing of a hold under which no number was served', async () => {
    await service.hold('command');
    expect((await admin.get('/surety/release')).text).toContain('Aucun message en attente ne va');
    expect((await admin.submit(await releaseForm(), {})).status).toBe(303);
  });

  it('refuses what was decided on a better report, and shows what is known now', async () => {
    await service.hold('restored-backup');
    // An operator dates by the second.
    await service.web.dataSource.query(
      `UPDATE sending_hold SET real_released_at = real_released_at - interval '1 minute'`,
    );
    await service.serve(2);
    const first = await releaseForm();
    await service.serve(3);
    const withhold = { served: 'withhold' };
    const more = await admin.submit(first, withhold);
    expect(more.status).toBe(409);
    expect(more.text).toContain('Un opérateur a servi d’autres numéros depuis la page que vous avez lue.');
    expect(more.text).toContain('Les messages peut-être déjà partis\u00a0: 2');

    service.operator.listAnswers = false;
    const silent = await admin.submit(formOf(more.text), withhold);
    expect(silent.status).toBe(409);
    expect(silent.text).toContain('Un opérateur ne donne plus sa liste');
    expect(silent.text).toContain('Twilio\u00a0: n’a pas répondu.');
    expect(silent.text).toContain('Les messages peut-être déjà partis\u00a0: 2');
    expect(await fates()).toContainEqual({ state: 'planned', reason: null, n: COUNT - 1 });

    expect((await admin.submit(formOf(silent.text), withhold)).status).toBe(303);
    expect(await fates()).toContainEqual({
      state: 'expired',
      reason: 'unknown-before-restore',
      n: COUNT - 1,
    });
  });
});
