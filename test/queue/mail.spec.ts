import { type MailCatcher, startMailCatcher } from '../../demo/mail-catcher/mail-catcher.js';
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
