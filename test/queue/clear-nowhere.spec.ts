import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';
import { type TestApp, startTestApp } from '../support/app.js';
import { aService, aSignedInAgent } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { RecordReply } from '../../src/notifications/replies/record-reply.js';
import { at } from '../support/world.js';

const FIRST = '+33698761234';
const SECOND = '+262692876543';
const STRANGER = '+33755667788';
const EMAIL = 'zephyrine.quenellebleue@boite.example';

/** The digits that any typing of one of them has, without separators; and the address. */
const CLEAR = ['698761234', '692876543', '755667788', EMAIL];

/** A person registered, found, changed, summoned, written to, who answers and stops: then everything is read. */
describe('no number and no address of a person is in clear', () => {
  const log: string[] = [];
  let web: TestApp;
  let engine: Engine;
  let operator: PlainOperator;

  beforeAll(async () => {
    web = await startTestApp({
      env: { LOG_LEVEL: 'trace' },
      logStream: { write: (line) => void log.push(line) },
    });
    await moveClock(web.dataSource, at('2026-06-01', '10:00'));
    operator = new PlainOperator();
    await operator.start();
    const url = web.env.DATABASE_URL;
    engine = await startEngine({ ...web, url, ownerUrl: '', drop: () => Promise.resolve() }, operator);
  });
  afterAll(async () => {
    await engine.stop();
    await operator.stop();
    await web.close();
  });

  it('in any table, queue or log after the whole path', async () => {
    const service = await aService(web.dataSource);
    const api = new ApiClient(web.baseUrl, service.key);
    const names = { lastName: 'Quenellebleue', firstName: 'Zéphyrine' };
    const { body: person } = await api.post('/persons', { ...names, phone: FIRST, email: EMAIL });
    for (const query of [FIRST, '1234']) await api.post('/persons/search', { query });
    await book(api, { personId: person.id, agendaId: service.agendaId, date: '2026-06-10', time: '09:30' });
    await engine.drain();
    expect(operator.accepted.map(({ to }) => to)).toEqual([FIRST]);
    await api.patch(
      `/persons/${person.id}`,
      { phone: SECOND },
      { 'If-Match': `"${await versionOf(api, person.id)}"` },
    );
    const agent = await aSignedInAgent(web.dataSource, { organizationId: service.organizationId });
    const browser = new Browser(web.baseUrl, agent.cookie);
    const form = await browser.form(`/persons/${person.id}`, `/persons/${person.id}/contact#reach`);
    const shown = await browser.submit(
      { ...form, action: `/persons/${person.id}/contact` },
      { what: 'phone' },
    );
    expect(shown.text).toContain(`tel:${SECOND}`);
    await moveClock(web.dataSource, at('2026-06-09', '09:30'));
    await engine.drain();
    expect(operator.accepted.map(({ to }) => to)).toEqual([FIRST, SECOND]);
    await answer(SECOND, 'STOP');
    await answer(STRANGER, 'mauvais numéro');
    await engine.run('follow-up');

    expect(await clearIn(web)).toEqual([]);
    const logged = log.join('').replace(/[\s.-]/g, '');
    for (const clear of CLEAR) expect(logged).not.toContain(clear.replace(/[\s.-]/g, ''));
  });

  async function answer(from: string, body: string): Promise<void> {
    const reply = { operator: 'twilio', operatorMessageId: `SM${body.length}`, from, body };
    await web.dataSource.transaction((tx) => engine.module.get(RecordReply).execute(tx, reply));
  }
});

async function book(api: ApiClient, wanted: object): Promise<void> {
  const { status } = await api.post('/convocations', { typeCode: 'suivi-spip', notify: true, ...wanted });
  expect(status).toBe(201);
}

async function versionOf(api: ApiClient, id: string): Promise<string> {
  return (await api.get(`/persons/${id}`)).body.updatedAt;
}

/** Every column of every row of every table of the database, as text and as the bytes it holds. */
async function clearIn({ env }: TestApp): Promise<string[]> {
  const url = new URL(process.env['TEST_ADMIN_URL'] ?? '');
  url.pathname = new URL(env.DATABASE_URL).pathname;
  const admin = await new DataSource(databaseOptions(url.toString(), 1, 'msj-test-dump')).initialize();
  try {
    const tables: { name: string }[] = await admin.query(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['public.person', 'bullmq.job']));
    const found: string[] = [];
    for (const { name } of tables) {
      const rows: { row: object }[] = await admin.query(
        `SELECT t AS row FROM (SELECT to_jsonb(x) AS t FROM ${name} x) AS y`,
      );
      const text = rows.map(({ row }) => JSON.stringify(row)).join('\n');
      const bytes = [...text.matchAll(/\\\\x([0-9a-f]+)/g)].map(([, hex = '']) =>
        Buffer.from(hex, 'hex').toString('latin1'),
      );
      const whole = [text, ...bytes].join('\n').toLowerCase();
      // Names are in clear: what reads this would read a number too.
      if (name === 'public.person') expect(whole).toContain('quenellebleue');
      for (const clear of CLEAR)
        if (whole.includes(clear) || whole.replace(/[\s.()-]/g, '').includes(clear))
          found.push(`${name}: ${clear}`);
    }
    return found;
  } finally {
    await admin.destroy();
  }
}
