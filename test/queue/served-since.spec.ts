import pg from 'pg';
import { applyStatus, lockMessageOf } from '../../src/notifications/sending/record-receipt.js';
import type { TestDatabase } from '../support/database.js';
import { PlainOperator } from '../support/plain-operator.js';
import { releaseByCommand } from '../support/release-command.js';
import { COUNT, idOf, RestoredBackups, SERVED } from '../support/restored-backups.js';

const stand = new RestoredBackups();
const linkAlone = () => ({ ...stand.both(), SMS_PROVIDERS: 'link-mobility' });

async function asOwner(database: TestDatabase, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}

const perNumber = () => {
  const numbers = stand.simulator.messages().map(({ to }) => to);
  return [...new Set(numbers)].map((number) => numbers.filter((one) => one === number).length).sort();
};

describe('a restored backup whose numbers were served since', () => {
  it('is not released before somebody says what becomes of them', async () => {
    const backup = await stand.restored();
    const read = await releaseByCommand(backup, [], stand.twilio());
    expect(read).toMatchObject({ exitCode: 0 });
    expect(read.said).toContain(`text this database does not know: ${SERVED}.`);
    expect(read.said).toContain(`reminder: ${COUNT} would leave (0 late, ${SERVED} to numbers served since)`);
    expect(read.said).toContain('--served withhold');
    expect(read.said).not.toMatch(/\+?336\d/);
    expect(await stand.release(backup, stand.twilio())).toMatchObject({ exitCode: 1, said: read.said });
    expect(await idOf(backup)).not.toBe('');
    expect(stand.simulator.messages()).toHaveLength(SERVED);
  });

  it('keeps them back when told so, tells agents, and lets the others leave', async () => {
    const backup = await stand.restored();
    const done = await stand.release(backup, stand.twilio(), '--served', 'withhold');
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.said).toContain(`Released; ${SERVED} withheld`);
    const engine = await stand.start(backup);
    await engine.drain();
    await engine.run('follow-up');
    expect(perNumber()).toEqual([1, 1, 1, 1]);
    expect(
      await backup.dataSource.query(
        `SELECT m.state, m.reason, t.kind, t.reason AS task FROM message m LEFT JOIN agent_task t ON t.message_id = m.id
          WHERE m.state = 'expired'`,
      ),
    ).toEqual(
      Array.from({ length: SERVED }, () => ({
        state: 'expired',
        reason: 'served-before-restore',
        kind: 'reach-otherwise',
        task: 'served-before-restore',
      })),
    );
  });

  it('sends them all the same when told so, flagged, also once they are delivered', async () => {
    const backup = await stand.restored();
    expect(await stand.release(backup, stand.twilio(), '--served', 'send')).toMatchObject({ exitCode: 0 });
    await stand.work(backup);
    expect(perNumber()).toEqual([1, 2, 2, 2]);
    const calls: { id: string; message: string }[] = await backup.dataSource.query(
      'SELECT id, message_id AS message FROM delivery_attempt',
    );
    for (const { id, message } of calls)
      await backup.dataSource.transaction(async (tx) => {
        const attempt = await lockMessageOf(tx, message, id);
        if (attempt === undefined) throw new Error('no such call');
        await applyStatus(tx, attempt, { operatorMessageId: id, status: 'delivered', errorCode: null });
      });
    expect(
      await backup.dataSource.query(
        'SELECT state, possible_duplicate AS flagged, count(*)::int AS n FROM message GROUP BY 1, 2 ORDER BY 2',
      ),
    ).toEqual([
      { state: 'delivered', flagged: false, n: COUNT - SERVED },
      { state: 'delivered', flagged: true, n: SERVED },
    ]);
  });

  it('is told of by each of two operators', async () => {
    const backup = await stand.restored();
    const report = await stand.told(backup, stand.both());
    expect(report).toMatchObject({
      served: SERVED,
      isUndecided: true,
      operators: [
        { operator: 'twilio', outcome: 'whole', unknown: 0 },
        { operator: 'link-mobility', outcome: 'no-list', unknown: COUNT - SERVED },
      ],
    });
  });

  it('is told as unknown by an operator that keeps no list, and released all the same', async () => {
    const backup = await stand.restored(linkAlone());
    const read = await releaseByCommand(backup, [], linkAlone());
    expect(read.said).toContain(`link-mobility: keeps no list: for ${COUNT} other messages it is unknown`);
    expect(await stand.release(backup, linkAlone())).toMatchObject({ exitCode: 0 });
  });

  it('says that a list was cut short', async () => {
    const backup = await stand.restored();
    expect(await stand.told(backup, stand.twilio(), { pages: 1, pageSize: 2 })).toMatchObject({
      served: 2,
      operators: [{ operator: 'twilio', outcome: 'cut', unknown: COUNT - 2 }],
    });
    expect(await stand.told(backup, stand.twilio(), { pages: 4, pageSize: 1 })).toMatchObject({
      served: SERVED,
      operators: [{ outcome: 'whole', unknown: 0 }],
    });
  });

  it('is compared from its backup on, when our own command restored it before it knew a call', async () => {
    const backup = await stand.restored();
    await asOwner(
      backup,
      `UPDATE environment SET installed_at = clock_timestamp() + interval '1 hour'; DELETE FROM sending_hold`,
    );
    await stand.hold(
      backup,
      'restored-backup',
      `restored from the backup of ${new Date(Date.now() - 3_600_000).toISOString()}: compare`,
    );
    expect(await stand.told(backup, stand.twilio())).toMatchObject({ served: SERVED });
  });
});

describe('an operator that does not give its list before a release', () => {
  it('leaves a restored backup held until somebody decides, and no other hold', async () => {
    const operator = new PlainOperator();
    await operator.start();
    operator.listAnswers = false;
    const env = stand.twilio(operator.url, operator.authToken);
    const [backup, healthy] = [await stand.database(), await stand.database()];
    await stand.hold(backup, 'restored-backup');
    await stand.hold(healthy, 'command');
    const refused = await stand.release(backup, env);
    expect(refused.exitCode).toBe(1);
    expect(refused.said).toContain(`twilio: did not answer: for ${COUNT} other messages it is unknown`);
    const shown = ['--shown', 'twilio:no-answer:0'];
    expect(refused.said).toContain(`${shown.join(' ')} --served send`);
    expect(await stand.release(backup, env, ...shown, '--served', 'send')).toMatchObject({ exitCode: 0 });
    expect(await stand.release(healthy, env)).toMatchObject({ exitCode: 0 });
    await operator.stop();
  });
});

describe('numbers that count as served', () => {
  /** Everything left, is due again for the same numbers, and sending is held. */
  async function sentAndDueAgain(): Promise<TestDatabase> {
    const database = await stand.database();
    await stand.work(database);
    await database.dataSource.query(
      `INSERT INTO message (convocation_id, kind, occurrence, promise_version, due_at, first_due_at, useful_until)
       SELECT convocation_id, 'reminder', 2, 1, app_now(), app_now(), useful_until FROM message`,
    );
    await stand.hold(database, 'command');
    return database;
  }

  it.each([
    ['none whose text a call explains by its id', 'SELECT', 0],
    [
      'none with a call at that time of which nobody knows',
      `SET operator_message_id = NULL, result = 'open'`,
      0,
    ],
    [
      'those of a call that surely did not send',
      `SET operator_message_id = NULL, result = 'not-sent'`,
      COUNT,
    ],
    [
      'none served before the last known call',
      `SET operator_message_id = NULL, result = 'not-sent', real_started_at = real_started_at + interval '1 hour'`,
      0,
    ],
  ])('%s', async (_title, change, served) => {
    const database = await sentAndDueAgain();
    if (change !== 'SELECT') await database.dataSource.query(`UPDATE delivery_attempt ${change}`);
    expect(await stand.told(database, stand.twilio())).toMatchObject({ leaving: COUNT, served });
  });
});
