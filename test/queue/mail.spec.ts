import { type MailCatcher, startMailCatcher } from '../../demo/mail-catcher/mail-catcher.js';
import { ReportWrongPersonByLink } from '../../src/notifications/replies/report-wrong-person-by-link.js';
import { StopMessagesByLink } from '../../src/persons/stop-messages-by-link.js';
import { Transaction } from '../../src/platform/transaction.js';
import { contactId } from '../support/contacts.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { at, World } from '../support/world.js';

describe('persons whose mobile cannot be used', () => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let catcher: MailCatcher;

  beforeAll(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    catcher = await startMailCatcher();
  });
  afterAll(async () => {
    await catcher.stop();
    await operator.stop();
    await database.drop();
  });

  const withMail = (smtpUrl: string): Promise<Engine> =>
    startEngine(database, operator, {
      SMTP_URL: smtpUrl,
      MAIL_FROM: 'Mon Suivi Justice <no-reply@msj.example>',
    });

  it('get the summons and the reminder by e-mail, with a subject that says nothing of justice', async () => {
    const engine = await withMail(catcher.smtpUrl);
    const world = new World(database.dataSource, engine);
    await moveClock(database.dataSource, at('2026-06-01', '10:00'));
    const email = 'ada.essai@example.org';
    const id = await world.book({ date: '2026-06-10', time: '09:30', phone: null, email, notify: true });
    await engine.drain();
    await moveClock(database.dataSource, at('2026-06-09', '09:30'));
    await engine.drain();
    const mails = catcher.messages(email);
    expect(mails).toHaveLength(2);
    for (const mail of mails) {
      expect(mail.subject).toBe('Votre rendez-vous');
      expect(mail.body).toContain('9h30');
    }
    expect((await world.messages(id)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect(operator.accepted).toHaveLength(0);
    await engine.stop();
  });

  describe('and whose e-mail says that it came to the wrong place, or asks for no more', () => {
    let engine: Engine;
    beforeEach(async () => {
      engine = await withMail(catcher.smtpUrl);
    });
    afterEach(() => engine.stop());

    async function summoned(email: string, day: string) {
      const world = new World(database.dataSource, engine);
      await moveClock(database.dataSource, at(day, '10:00'));
      const date = day.replace('2026-06', '2026-07');
      const id = await world.book({ date, time: '09:30', phone: null, email, notify: true });
      await engine.drain();
      const token = /\/s\/([\w-]+)/.exec(catcher.messages(email)[0]?.body ?? '')?.[1] ?? '';
      const onTheEve = async () => {
        const eve = new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
        await moveClock(database.dataSource, at(eve, '09:30'));
        await engine.drain();
        await engine.run('follow-up');
      };
      return { id, token, onTheEve };
    }
    const asks = (id: string) =>
      database.dataSource.query<{ kind: string; reason: string }[]>(
        'SELECT kind, reason FROM agent_task WHERE convocation_id = $1 ORDER BY kind',
        [id],
      );
    const refusals = (id: string) =>
      database.dataSource.query<unknown[]>(
        `SELECT FROM person p JOIN convocation c ON c.person_id = p.id
          WHERE c.id = $1 AND p.sms_refused_at IS NOT NULL`,
        [id],
      );

    const stop = (token: string) =>
      engine.module.get(Transaction).run((tx) => new StopMessagesByLink().execute(tx, { token }));
    const report = (token: string) =>
      engine.module
        .get(Transaction)
        .run((tx) => engine.module.get(ReportWrongPersonByLink).execute(tx, { token }));

    it.each([
      ['wrong-person', 'stranger@example.org', '2026-06-03', ['wrong-person']],
      ['stop', 'enough@example.org', '2026-06-04', ['reach-otherwise']],
    ] as const)('get nothing more there, and an agent is asked (%s)', async (what, email, day, kinds) => {
      const { id, token, onTheEve } = await summoned(email, day);
      await (what === 'stop' ? stop(token) : report(token));
      await onTheEve();
      expect(catcher.messages(email)).toHaveLength(1);
      expect((await asks(id)).map(({ kind }) => kind)).toEqual(kinds);
      expect(await refusals(id)).toEqual([]);
    });

    it('get the reminder at the address an agent corrected', async () => {
      const { id, token, onTheEve } = await summoned('not-hers@example.org', '2026-06-05');
      await report(token);
      await database.dataSource.query(
        'UPDATE person SET email_id = $2 WHERE id = (SELECT person_id FROM convocation WHERE id = $1)',
        [id, await contactId(database.dataSource, 'hers@example.org')],
      );
      await onTheEve();
      expect(catcher.messages('not-hers@example.org')).toHaveLength(1);
      expect(catcher.messages('hers@example.org')).toHaveLength(1);
    });
  });

  it('get it later when the mail relay was down', async () => {
    await moveClock(database.dataSource, at('2026-06-02', '10:00'));
    const deaf = await withMail('smtp://127.0.0.1:1');
    const email = 'later@example.org';
    const world = new World(database.dataSource, deaf);
    const id = await world.book({ date: '2026-06-10', time: '09:30', phone: null, email, notify: true });
    await deaf.drain();
    expect(await world.state(id, 'summons')).toBe('planned');
    await deaf.stop();
    await moveClock(database.dataSource, at('2026-06-02', '10:01'));
    const engine = await withMail(catcher.smtpUrl);
    await engine.drain();
    expect(catcher.messages(email)).toHaveLength(1);
    await engine.stop();
  });
});
