import { contactId } from '../support/contacts.js';
import { moveClock } from '../support/database.js';
import { NOW, OFF, THIS_EVENING, TOMORROW } from '../support/failing-texts.js';
import { type Told, useToldWorld } from '../support/told-world.js';

/** Four hours before `TOMORROW`. */
const DECIDED = '2026-06-10T07:59:20Z';
const UNCONFIRMED: Told = { state: 'accepted' };

const stand = useToldWorld(NOW);

const query = <T>(sql: string, ...values: unknown[]): Promise<T[]> =>
  stand.database.dataSource.query(sql, values);

async function draw(at?: string): Promise<void> {
  if (at !== undefined) await moveClock(stand.database.dataSource, at);
  await stand.world.draw();
}

/** An agent writes it on the file of the person, as the form does. */
async function correct(id: string, field: 'phone' | 'email', contact: string): Promise<void> {
  const column = `${field}_id`;
  await query(
    `WITH changed AS (
       UPDATE person SET ${column} = $2, phone_mobile = phone_mobile OR $3 = 'phone' WHERE id = (
         SELECT person_id FROM convocation WHERE id = $1) RETURNING id)
     INSERT INTO history_entry (event, person_id, detail)
     SELECT 'person.updated', id, jsonb_build_object('fields', jsonb_build_array($3::text)) FROM changed`,
    id,
    await contactId(stand.database.dataSource, contact),
    field,
  );
}

const happen = (id: string, event: string, detail: object = {}) =>
  query(
    'INSERT INTO history_entry (event, person_id, detail) SELECT $2, person_id, $3 FROM convocation WHERE id = $1',
    id,
    event,
    detail,
  );

const close = (id: string, outcome: string) =>
  query(
    `UPDATE agent_task SET closed_at = app_now(), outcome = $2 WHERE convocation_id = $1 AND closed_at IS NULL`,
    id,
    outcome,
  );

const reachOf = async (id: string) =>
  (await stand.database.dataSource.transaction((tx) => stand.world.reach.reachOf(tx, [id]))).get(id);
const open = async (id: string) =>
  (await stand.world.tasks(id)).filter(({ outcome }) => outcome === null).map(({ reason }) => reason);

describe('a receipt that crosses the task', () => {
  /** Both hours are those at which their transactions began. */
  const deliveredBeforeTheTask = (id: string, message: string, earlier: string) =>
    query(
      `UPDATE message SET state = 'delivered', settled_at = t.opened_at - $3::interval FROM agent_task t
        WHERE message.id = $2 AND t.convocation_id = $1`,
      id,
      message,
      earlier,
    );

  it.each(['95 milliseconds', '10 minutes'])(
    'closes the one that asks for nothing but a proof (%s before)',
    async (earlier) => {
      const id = await stand.world.summon({ startsAt: TOMORROW });
      const message = await stand.world.tell(id, UNCONFIRMED);
      await draw(DECIDED);
      expect(await open(id)).toEqual(['not-confirmed']);
      await deliveredBeforeTheTask(id, message, earlier);
      await draw();
      expect(await open(id)).toEqual([]);
    },
  );

  it('closes the one about a message that did not arrive', async () => {
    const id = await stand.world.summon({ startsAt: THIS_EVENING });
    await stand.world.tell(id, OFF);
    const other = await stand.world.tell(id, { ...UNCONFIRMED, occurrence: 2 });
    await draw();
    await deliveredBeforeTheTask(id, other, '95 milliseconds');
    await draw();
    expect(await open(id)).toEqual([]);
  });

  it('leaves open the one about a message that failed well after the text had arrived', async () => {
    const id = await stand.world.summon({ startsAt: THIS_EVENING });
    await stand.world.tell(id, { state: 'delivered', kind: 'summons' });
    await moveClock(stand.database.dataSource, '2026-06-09T08:02:00Z');
    await stand.world.tell(id, OFF);
    await draw();
    await draw();
    expect(await open(id)).toEqual(['phone-unreachable']);
  });
});

describe('"cannot be reached", said before there was another way', () => {
  async function couldNotBeReached(): Promise<string> {
    const id = await stand.world.summon({ startsAt: THIS_EVENING });
    await query(`UPDATE convocation SET starts_at = $2 WHERE id = $1`, id, THIS_EVENING);
    await stand.world.tell(id, { ...OFF, kind: 'summons' });
    await draw();
    await close(id, 'could-not-reach');
    expect(await reachOf(id)).toBe('unreachable');
    await moveClock(stand.database.dataSource, '2026-06-09T09:00:00Z');
    return id;
  }

  it('silences no failure at the new one', async () => {
    const id = await couldNotBeReached();
    await correct(id, 'phone', '+33698765420');
    await stand.world.tell(id, OFF);
    await draw();
    expect(await open(id)).toEqual(['phone-unreachable']);
  });

  it('does not stand for a text that nobody confirmed', async () => {
    const id = await couldNotBeReached();
    await correct(id, 'phone', '+33698765421');
    await stand.world.tell(id, UNCONFIRMED);
    expect(await reachOf(id)).toBe('pending');
    await draw('2026-06-09T13:00:40Z');
    expect(await open(id)).toEqual(['not-confirmed']);
  });

  it('silences no failure at an address noted since', async () => {
    const id = await couldNotBeReached();
    await correct(id, 'email', 'noted-since@example.org');
    await stand.world.tell(id, { state: 'failed', way: 'email', errorCode: '550' });
    await query(`UPDATE person SET phone_mobile = false, phone_id = NULL WHERE phone_mobile`);
    await draw();
    expect(await open(id)).toEqual(['email-refused']);
  });

  it.each(['messages.resumed', 'phone.block-lifted', 'address.block-lifted'])(
    'silences no failure after "%s": what stood in the way is gone',
    async (event) => {
      const id = await couldNotBeReached();
      await happen(id, event);
      expect(await reachOf(id)).toBe('pending');
      await stand.world.tell(id, OFF);
      await draw();
      expect(await open(id)).toEqual(['phone-unreachable']);
    },
  );

  it.each<[string, string, object]>([
    ['nothing but the name was written', 'person.updated', { fields: ['lastName'] }],
    ['somebody only asked that the number be opened again', 'phone.lift-asked', {}],
  ])('holds while %s', async (_which, event, detail) => {
    const id = await couldNotBeReached();
    await happen(id, event, detail);
    await stand.world.tell(id, OFF);
    await draw();
    expect(await open(id)).toEqual([]);
    expect(await reachOf(id)).toBe('unreachable');
  });
});

describe('a text delivered to a number that was replaced since', () => {
  async function toldAtTheOldOne(): Promise<string> {
    const id = await stand.world.summon({ startsAt: TOMORROW });
    await stand.world.tell(id, { state: 'delivered', kind: 'summons' });
    await correct(id, 'phone', `+3369876${String((numbers += 1)).padStart(4, '0')}`);
    return id;
  }
  let numbers = 5000;

  it('is believed while nothing was sent to the new one', async () => {
    const id = await toldAtTheOldOne();
    expect(await reachOf(id)).toBe('reached');
    await stand.world.tell(id, { state: 'planned' });
    expect(await reachOf(id)).toBe('reached');
  });

  it.each<[string, Told]>([
    ['not-confirmed', UNCONFIRMED],
    ['phone-unreachable', OFF],
  ])('is believed no longer once the new one leaves a text %s', async (reason, told) => {
    const id = await toldAtTheOldOne();
    await stand.world.tell(id, told);
    expect(await reachOf(id)).toBe('pending');
    await moveClock(stand.database.dataSource, '2026-06-10T07:00:00Z');
    await draw(DECIDED);
    expect(await open(id)).toEqual([reason]);
  });

  it('needs no proof beyond that of the new one', async () => {
    const id = await toldAtTheOldOne();
    await stand.world.tell(id, { ...UNCONFIRMED, occurrence: 3 });
    await stand.world.tell(id, { state: 'delivered' });
    await draw(DECIDED);
    expect(await reachOf(id)).toBe('reached');
  });

  it('is judged by the promise of the other appointment that it told of, too', async () => {
    const id = await toldAtTheOldOne();
    const other = await stand.world.summon({ startsAt: '2026-06-10T13:00:00Z', phone: null });
    await query(
      'UPDATE convocation SET person_id = (SELECT person_id FROM convocation WHERE id = $1) WHERE id = $2',
      id,
      other,
    );
    const merged = await stand.world.tell(other, { state: 'withdrawn', kind: 'summons' });
    await query(
      `UPDATE message SET told_by_message_id = (SELECT id FROM message WHERE convocation_id = $1 AND kind = 'summons')
        WHERE id = $2`,
      id,
      merged,
    );
    await stand.world.tell(other, UNCONFIRMED);
    expect(await reachOf(id)).toBe('reached');
    expect(await reachOf(other)).toBe('pending');
  });
});
