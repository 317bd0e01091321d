import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, type Form, formsOf } from '../support/browser-lite.js';
import { aService, aSignedInAgent } from '../support/builders.js';
import { receive } from '../support/client.js';
import { moveClock } from '../support/database.js';
import { HOSTILE_TEXTS } from '../support/hostile-corpus.js';

const MONTHLY =
  'mois;venues;manquées;excusées;annulées;sans issue\n2024-03;142;61;9;12;0\n2024-04;150;58;11;10;1\n';

let web: TestApp;
let service: Awaited<ReturnType<typeof aService>>;
let cookie: string;
let browser: Browser;

beforeAll(async () => {
  web = await startTestApp();
  await moveClock(web.dataSource, '2026-06-11T08:00:00Z');
});
afterAll(() => web.close());
beforeEach(async () => {
  service = await aService(web.dataSource);
  const { organizationId } = service;
  cookie = (await aSignedInAgent(web.dataSource, { organizationId, role: 'local-admin' })).cookie;
  browser = new Browser(web.baseUrl, cookie);
});

interface Part {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer> | string;
}

/** As a browser sends a form with a file. */
async function upload(
  form: Form,
  fields: Readonly<Record<string, string>>,
  file?: Part,
  more: readonly Part[] = [],
) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...form.fields, ...fields }))
    if (name !== 'file') body.append(name, value);
  body.append('file', new Blob([file?.bytes ?? '']), file?.name ?? '');
  for (const { name, bytes } of more) body.append('file', new Blob([bytes]), name);
  return receive(
    fetch(web.baseUrl + form.action, { method: 'POST', body, headers: { cookie }, redirect: 'manual' }),
  );
}

const importForm = () => browser.form('/rollouts/baseline', '/rollouts/baseline');
const stored = (): Promise<{ n: number; missed: number }[]> =>
  web.dataSource.query(
    'SELECT count(*)::integer AS n, coalesce(sum(missed), 0)::integer AS missed FROM baseline_count WHERE organization_id = $1',
    [service.organizationId],
  );

describe('the register on its page', () => {
  it('takes a start, then its end, and shows both with who wrote them', async () => {
    const start = await browser.form('/rollouts', '/rollouts');
    const started = await browser.submit(start, {
      scope: 'service',
      startedOn: '01/09/2025',
      note: 'pilote',
    });
    expect(started.status).toBe(303);
    const page = await browser.get(started.headers.get('location') ?? '');
    expect(page.text).toContain('La mise en service est inscrite.');
    expect(page.text).toContain('1ᵉʳ\u00a0septembre\u00a02025');
    const row = /\/rollouts\/row\?rollout=[0-9a-f-]+/.exec(page.text)?.[0] ?? '';
    const stop = await browser.form(row, '/rollouts/row');
    const stopped = await browser.submit(stop, { stoppedOn: '2026-01-01', act: 'stop' });
    expect(stopped.status).toBe(303);
    const after = await browser.get('/rollouts');
    expect(after.text).toContain('Arrêtée');
    expect(after.text).toContain('Historique');
  });

  it('gives the form back with everything typed and a sentence at the field', async () => {
    const start = await browser.form('/rollouts', '/rollouts');
    const fields = { scope: 'service', startedOn: '2025-09-01', note: '' };
    await browser.submit(start, fields);
    const again = await browser.submit(start, { ...fields, note: 'deux fois', formToken: randomUUID() });
    expect(again.status).toBe(400);
    expect(again.text).toContain('couvre déjà ces jours');
    expect(again.text).toContain('value="deux fois"');
    expect(again.text).toMatch(/id="startedOn"[^>]*aria-invalid="true"/);
  });

  it('answers about another service as about none', async () => {
    const other = await aService(web.dataSource);
    for (const path of ['/rollouts', '/rollouts/baseline']) {
      expect((await browser.get(`${path}?organization=${other.organizationId}`)).status).toBe(404);
      expect((await browser.get(`${path}?organization=${randomUUID()}`)).status).toBe(404);
    }
    expect((await browser.get(`/rollouts/row?rollout=${randomUUID()}`)).status).toBe(404);
  });

  it('sets a target and takes it back', async () => {
    const target = await browser.form('/rollouts', '/rollouts/target');
    const fields = { relativeChange: '30', fromOn: '2025-09-01', untilOn: '2026-03-01' };
    const set = await browser.submit(target, fields);
    const page = await browser.get(set.headers.get('location') ?? '');
    expect(page.text).toContain('30\u00a0% d’absences en moins entre le 1ᵉʳ\u00a0septembre\u00a02025');
    const none = await browser.submit(target, { act: 'none', formToken: randomUUID() });
    expect((await browser.get(none.headers.get('location') ?? '')).text).toContain('Aucun objectif');
    const wrong = await browser.submit(target, {
      ...fields,
      relativeChange: 'beaucoup',
      formToken: randomUUID(),
    });
    expect([wrong.status, wrong.text.includes('value="beaucoup"')]).toEqual([400, true]);
  });
});

describe('the import of the counts of before', () => {
  it('shows everything first, stores it on confirmation only, and takes it back', async () => {
    const checked = await upload(
      await importForm(),
      { source: 'Tableau du secrétariat', act: 'check' },
      { name: 'a.csv', bytes: MONTHLY },
    );
    expect(checked.status).toBe(200);
    expect(checked.text).toContain('Ce qui serait importé');
    expect(checked.text).toContain('28,8\u00a0%');
    expect(await stored()).toEqual([{ n: 0, missed: 0 }]);
    const [confirm] = formsTo(checked.text);
    const done = await upload(confirm, { act: 'apply' });
    expect(done.status).toBe(303);
    expect(await stored()).toEqual([{ n: 2, missed: 119 }]);
    const page = await browser.get(done.headers.get('location') ?? '');
    expect(page.text).toContain('Tableau du secrétariat');
    const undo = await browser.form('/rollouts/baseline', '/rollouts/baseline/undo');
    expect((await browser.submit(undo, {})).status).toBe(303);
    expect(await stored()).toEqual([{ n: 0, missed: 0 }]);
    expect((await browser.get('/rollouts/baseline')).text).toContain('Annulé.');
  });

  it('takes a pasted table as well, without a script', async () => {
    const pasted = await browser.submit(await importForm(), { source: 'Collé', text: MONTHLY, act: 'check' });
    expect([pasted.status, pasted.text.includes('Ce qui serait importé')]).toEqual([200, true]);
  });

  it('names every bad line, keeps what was pasted and stores nothing', async () => {
    const text = `${MONTHLY}2024-05;x;1;1;;\n2024-13;1;1;1;;\n`;
    const checked = await browser.submit(await importForm(), { source: 'Collé', text, act: 'check' });
    expect(checked.status).toBe(400);
    expect(checked.text).toContain('2\u00a0lignes à corriger');
    expect(checked.text).toContain('n’est pas un nombre entier');
    expect(checked.text).toContain('2024-05;x;1;1');
    const forced = await browser.submit(await importForm(), { source: 'Collé', text, act: 'apply' });
    expect(forced.status).toBe(400);
    expect(await stored()).toEqual([{ n: 0, missed: 0 }]);
  });

  it('refuses months that an earlier import brought, and says which ones it marked itself', async () => {
    const twice = async () =>
      browser.submit(await importForm(), { source: 'Collé', text: MONTHLY, act: 'apply' });
    expect((await twice()).status).toBe(303);
    const again = await twice();
    expect(again.status).toBe(400);
    expect(again.text).toContain('ont déjà été importés');
    const shown = await browser.submit(await importForm(), { source: 'x', text: MONTHLY, act: 'check' });
    expect(shown.text).toContain('Déjà importé');
    expect(await stored()).toEqual([{ n: 2, missed: 119 }]);
  });

  it('keeps nothing of the persons of a file with one line per appointment', async () => {
    const text = 'Nom;Date;Issue\nMarguerite Dupont-Zadig;14/03/2024;venue\nX;15/03/2024;absent\n';
    const checked = await upload(
      await importForm(),
      { source: 'Registre', act: 'check' },
      { name: 'noms.csv', bytes: text },
    );
    expect(checked.text).not.toContain('Zadig');
    const [confirm] = formsTo(checked.text);
    expect(await upload(confirm, { act: 'apply' })).toMatchObject({ status: 303 });
    expect(await stored()).toEqual([{ n: 1, missed: 1 }]);
    for (const table of ['baseline_count', 'baseline_import', 'idempotency_key', 'history_entry']) {
      const rows: unknown[] = await web.dataSource.query(
        `SELECT FROM ${table} t WHERE t::text LIKE '%Zadig%'`,
      );
      expect([table, rows.length]).toEqual([table, 0]);
    }
  });

  it.each([
    ['no source', { source: '' }, { name: 'a.csv', bytes: MONTHLY }, 'Dites d’où viennent'],
    ['no file', { source: 's' }, undefined, 'Choisissez un fichier, ou collez'],
    [
      'a spreadsheet',
      { source: 's' },
      { name: 'a.xlsx', bytes: Uint8Array.from([80, 75, 3, 4, 0, 0]) },
      'pas un fichier de texte',
    ],
    ['both', { source: 's', text: MONTHLY }, { name: 'a.csv', bytes: MONTHLY }, 'pas les deux'],
    ['too large a file', { source: 's' }, { name: 'a.csv', bytes: 'x'.repeat(2_000_001) }, 'trop lourd'],
  ])('gives the form back: %s', async (_case, fields, file, sentence) => {
    const answer = await upload(await importForm(), { ...fields, act: 'check' }, file);
    expect([answer.status, answer.text.includes(sentence)]).toEqual([400, true]);
  });

  it('asks for the token of the form, and for a right', async () => {
    const form = await importForm();
    const foreign = { ...form, fields: { ...form.fields, _csrf: 'x' } };
    expect(
      (await upload(foreign, { source: 's', act: 'apply' }, { name: 'a.csv', bytes: MONTHLY })).status,
    ).toBe(403);
    const { organizationId } = service;
    const clerk = await aSignedInAgent(web.dataSource, { organizationId, role: 'cpip' });
    expect((await new Browser(web.baseUrl, clerk.cookie).get('/rollouts/baseline')).status).toBe(403);
    expect(await stored()).toEqual([{ n: 0, missed: 0 }]);
  });

  it('refuses more bytes than it reads, and what is no form at all', async () => {
    const large = await upload(
      await importForm(),
      { source: 's' },
      { name: 'a.csv', bytes: 'x'.repeat(2_600_000) },
    );
    expect(large.status).toBe(400);
    for (const [type, body] of [
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=x', '--x\r\nbroken'],
      ['multipart/form-data; boundary=x', '--x--'],
    ] as const) {
      const init = { method: 'POST', headers: { cookie, 'content-type': type }, body };
      const { status } = await receive(fetch(`${web.baseUrl}/rollouts/baseline`, init));
      expect([body, status === 400 || status === 403]).toEqual([body, true]);
    }
  });

  it('answers any file with a page, never with a fault', async () => {
    const form = await importForm();
    const header = fc.constantFrom('mois;venues;manquées;excusées\n', 'date,issue\n', '"', '');
    const cell = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS),
      fc.string({ unit: 'binary' }),
      fc.constant('2024-03;1;1;1\n'),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc
        .tuple(header, fc.array(cell, { maxLength: 5 }))
        .map(([head, cells]) => new TextEncoder().encode(head + cells.join(';'))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom('check', 'apply'), async (file, act) => {
        const answer = await upload(
          form,
          { source: 's', act, formToken: randomUUID() },
          { name: 'a.csv', bytes: Uint8Array.from(file) },
        );
        expect(answer.status).toBeLessThan(500);
        expect(answer.text).not.toMatch(/<script>alert|QueryFailedError/);
      }),
      { numRuns: 60 },
    );
  });
});

/** Forms of a page that post to the import, the first of them the confirmation. */
function formsTo(html: string): [Form, ...Form[]] {
  const found = formsOf(html).filter(({ action }) => action === '/rollouts/baseline');
  const [first, ...rest] = found;
  if (first === undefined) throw new Error('no form to the import');
  return [first, ...rest];
}
