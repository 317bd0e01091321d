import { contactId } from '../support/contacts.js';
import { holdByCommand } from '../support/release-command.js';
import { COUNT, fatesOf, idOf, RestoredBackups, SERVED } from '../support/restored-backups.js';

const stand = new RestoredBackups();
/** Where nobody answers. */
const silent = () => stand.twilio('http://127.0.0.1:9');
const SILENT = ['--shown', 'twilio:no-answer:0'];

const kept = (reason: string, n: number) => ({ state: 'expired', reason, flagged: false, task: reason, n });

describe('messages of which a silent operator does not say whether it took them', () => {
  it('do not leave when what may have left is withheld, and agents are told', async () => {
    const backup = await stand.restored();
    const done = await stand.release(backup, silent(), ...SILENT, '--served', 'withhold');
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.said).toContain(`(0 late, 0 to numbers served since, ${COUNT} unknown)`);
    expect(done.said).toContain(`Released; ${COUNT} withheld`);
    const engine = await stand.start(backup);
    await engine.drain();
    await engine.run('follow-up');
    expect(stand.simulator.messages()).toHaveLength(SERVED);
    expect(await fatesOf(backup)).toEqual([kept('unknown-before-restore', COUNT)]);
  });

  it('leave flagged when they are sent all the same', async () => {
    const backup = await stand.restored();
    const done = await stand.release(backup, silent(), ...SILENT, '--served', 'send');
    expect(done.said).toContain(`Released; ${COUNT} leave all the same, flagged`);
    await stand.work(backup);
    expect(stand.simulator.messages()).toHaveLength(SERVED + COUNT);
    expect(await fatesOf(backup)).toMatchObject([{ state: 'accepted', flagged: true, n: COUNT }]);
  });

  it('ask for a decision after a recovery of PostgreSQL’s own too, once the hold is told of it', async () => {
    const recovered = await stand.database();
    expect(await holdByCommand(recovered, [])).toMatchObject({ exitCode: 0 });
    expect((await stand.release(recovered, silent())).said).toContain('sans motif indiqué');
    const held = await holdByCommand(recovered, ['--restored', '--reason', 'restored to 2026-06-09 10:00']);
    expect(held).toMatchObject({ exitCode: 0 });
    const undecided = await stand.release(recovered, silent(), ...SILENT);
    expect(undecided.said).toContain('restored to 2026-06-09 10:00');
    expect(undecided).toMatchObject({ exitCode: 1 });
    expect(undecided.said).toContain(`${SILENT.join(' ')} --served withhold`);
    expect(await fatesOf(recovered)).toMatchObject([{ state: 'planned', n: COUNT }]);
  });

  it('are withheld beside those whose number was served, when a list was cut', async () => {
    const backup = await stand.restored();
    const decision = { choice: 'withhold', shown: 'twilio:cut:2' } as const;
    const cut = await stand.told(backup, stand.twilio(), { pages: 1, pageSize: 2 }, decision);
    expect(cut).toMatchObject({ released: true, served: 2, unsure: 2, rows: [{ served: 2, unsure: 2 }] });
    await (await stand.start(backup)).run('follow-up');
    expect(await fatesOf(backup)).toEqual(
      expect.arrayContaining([kept('served-before-restore', 2), kept('unknown-before-restore', 2)]),
    );
  });

  it('are not those that go by mail, unless mail is off here', async () => {
    const backup = await stand.restored();
    const address = await contactId(backup.dataSource, 'ada@exemple.fr');
    await backup.dataSource.query(
      'UPDATE person SET email_id = $1 WHERE id = (SELECT min(id::text)::uuid FROM person)',
      [address],
    );
    await backup.dataSource.query(`UPDATE message SET wanted_channel = 'email'`);
    const mail = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'MSJ <no-reply@msj.example>' };
    expect(await stand.told(backup, { ...silent(), ...mail })).toMatchObject({ unsure: COUNT - 1 });
    expect(await stand.told(backup, silent())).toMatchObject({ unsure: COUNT });
  });

  it('leave as before at an operator that keeps no list', async () => {
    const env = { ...stand.both(), SMS_PROVIDERS: 'link-mobility' };
    const backup = await stand.restored(env);
    const done = await stand.release(backup, env, '--served', 'withhold');
    expect(done.said).toContain('Released.');
    await stand.work(backup, env);
    expect(stand.simulator.messages()).toHaveLength(SERVED + COUNT);
  });
});

describe('a release on a report that is worse than the one that was read', () => {
  const withhold = ['--served', 'withhold'];

  it('is refused when an operator answered then and does not now, and nothing is lost', async () => {
    const backup = await stand.restored();
    const shown = ['--shown', `twilio:whole:${SERVED}`];
    expect((await stand.release(backup, stand.twilio())).said).toContain(
      `${shown.join(' ')} --served withhold`,
    );
    const refused = await stand.release(backup, silent(), ...shown, ...withhold);
    expect(refused.exitCode).toBe(1);
    expect(refused.said).toContain('twilio: did not answer');
    expect(refused.said).toContain('an operator gives less of its list');
    expect(refused.said).toContain(`${SILENT.join(' ')} --served withhold`);
    expect(await idOf(backup)).not.toBe('');
    expect(await fatesOf(backup)).toMatchObject([{ state: 'planned', n: COUNT }]);

    expect(await stand.release(backup, stand.twilio(), ...SILENT, ...withhold)).toMatchObject({
      exitCode: 0,
    });
    await stand.work(backup);
    expect(stand.simulator.messages()).toHaveLength(COUNT);
  });

  it('is refused when no report is named and an operator is silent', async () => {
    const backup = await stand.restored();
    expect(await stand.release(backup, silent(), ...withhold)).toMatchObject({ exitCode: 1 });
    expect(await stand.release(backup, stand.twilio(), ...withhold)).toMatchObject({ exitCode: 0 });
  });

  it('is refused when more numbers were served', async () => {
    const backup = await stand.restored();
    const decision = { choice: 'withhold', shown: 'twilio:whole:2' } as const;
    expect(await stand.told(backup, stand.twilio(), {}, decision)).toMatchObject({
      released: false,
      worse: 'more-served',
    });
    expect(await idOf(backup)).not.toBe('');
  });
});
