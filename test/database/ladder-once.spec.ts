import { failingOn, NOW, OFF, TOMORROW } from '../support/failing-texts.js';
import { useToldWorld } from '../support/told-world.js';

const stand = useToldWorld(NOW);
const failing = failingOn(stand);

/** The summons and a reminder of one appointment, due one day after the other; neither arrived. */
async function twoFailures(given: { email?: string } = {}): Promise<{ id: string; messages: string[] }> {
  const first = await failing({ startsAt: TOMORROW, ...given }, { ...OFF, kind: 'summons' });
  const messages = [first.message];
  messages.push(await stand.world.tell(first.id, { ...OFF, occurrence: 1 }));
  for (const [day, message] of messages.entries())
    await stand.database.dataSource.query(
      `UPDATE message SET first_due_at = app_now() - make_interval(days => $2), settled_at = app_now() - make_interval(days => $2)
        WHERE id = $1`,
      [message, messages.length - day],
    );
  return { id: first.id, messages };
}

async function statesOf(messages: readonly string[]): Promise<unknown[]> {
  return Promise.all(messages.map(async (id) => (await stand.world.message(id))['state']));
}

describe('several texts about one appointment that did not arrive', () => {
  it('are tried again as one, the last of them', async () => {
    const { id, messages } = await twoFailures();
    await stand.world.draw();
    await stand.world.draw();
    expect(await statesOf(messages)).toEqual(['undelivered', 'planned']);
    expect(await stand.world.message(messages[0] ?? '')).toMatchObject({ followed_up_at: expect.anything() });
    expect(await stand.world.tasks(id)).toEqual([]);
  });

  it('are one e-mail', async () => {
    const { messages } = await twoFailures({ email: 'ada@example.org' });
    await stand.world.draw();
    expect(await statesOf(messages)).toEqual(['undelivered', 'planned']);
    expect(await stand.world.message(messages[1] ?? '')).toMatchObject({ wanted_channel: 'email' });
  });

  it('are one each when they are about two persons', async () => {
    const [one, other] = [await twoFailures(), await twoFailures()];
    await stand.world.draw();
    expect(await statesOf([...one.messages, ...other.messages])).toEqual([
      'undelivered',
      'planned',
      'undelivered',
      'planned',
    ]);
  });

  it('end with one task when the last try misses too', async () => {
    const { id, messages } = await twoFailures();
    await stand.world.draw();
    await stand.database.dataSource.query(
      `UPDATE message SET state = 'undelivered', attempts = 2, settled_at = app_now() WHERE id = $1`,
      [messages[1]],
    );
    await stand.database.dataSource.query(
      `INSERT INTO delivery_attempt SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'number', 2,
         'token_hash', sha256('again'), 'operator_message_id', 'SMagain'))).* FROM delivery_attempt a WHERE a.message_id = $1`,
      [messages[1]],
    );
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: null },
    ]);
  });
});
