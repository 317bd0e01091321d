import { moveClock } from '../support/database.js';
import { eventually } from '../support/engine.js';
import { useRelayStand } from '../support/stand.js';
import { at, type BookingWishes } from '../support/world.js';

describe('a mail relay that serves nobody', () => {
  const stand = useRelayStand({}, 'test');

  async function bookAll(
    count: number,
    of: (n: number) => Omit<BookingWishes, 'time'>,
  ): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let n = 1; n <= count; n++) ids.push(await stand.world.book({ time: '09:30', ...of(n) }));
    return ids;
  }

  async function inState(ids: readonly string[], state: string): Promise<number> {
    const rows: { count: number }[] = await stand.database.dataSource.query(
      `SELECT count(*)::int AS count FROM message
        WHERE convocation_id = ANY($1) AND kind = 'summons' AND state = $2`,
      [ids, state],
    );
    return rows[0]?.count ?? 0;
  }

  it('and never answers keeps no text waiting, and is given no more mails than it can take', async () => {
    stand.relay.behaviour = () => 'take-then-hang';
    await moveClock(stand.database.dataSource, at('2026-06-07', '10:00'));
    const wishes = { date: '2026-07-07', notify: true };
    const mails = await bookAll(60, (n) => ({ ...wishes, phone: null, email: `hangs-${n}@example.org` }));
    await stand.engine.run('relay');
    await eventually(() => Promise.resolve(stand.relay.taken.some(({ to }) => to.startsWith('hangs-'))));
    const texts = await bookAll(45, () => ({ ...wishes }));
    await stand.engine.run('relay');
    await eventually(async () => (await inState(texts, 'accepted')) === 45);
    // Those that have no connection are not committed: nothing of them is in doubt should the worker die.
    expect(await inState(mails, 'sending')).toBe(5);
    expect(stand.relay.taken.filter(({ to }) => to.startsWith('hangs-'))).toHaveLength(5);
    stand.relay.behaviour = () => 'accept';
    stand.relay.cut();
    await eventually(async () => (await inState(mails, 'accepted')) === 55);
    expect(await inState(mails, 'uncertain')).toBe(5);
  });

  it('and cuts everything is left in peace, then gets every mail once', async () => {
    stand.relay.behaviour = () => 'take-then-cut';
    await moveClock(stand.database.dataSource, at('2026-06-08', '10:00'));
    const wishes = { date: '2026-07-08', notify: true, phone: null };
    const mails = await bookAll(30, (n) => ({ ...wishes, email: `down-${n}@example.org` }));
    await stand.engine.run('relay');
    await eventually(
      async () => (await inState(mails, 'planned')) + (await inState(mails, 'uncertain')) === 30,
    );
    // Its circuit opened: the others wait instead of becoming doubts.
    expect(await inState(mails, 'planned')).toBeGreaterThan(0);
    stand.relay.behaviour = () => 'accept';
    for (const time of ['10:02', '10:04', '10:06', '10:08', '10:10', '10:12']) {
      await moveClock(stand.database.dataSource, at('2026-06-08', time));
      for (const task of ['sweep', 'resolve'] as const) await stand.engine.run(task);
      await stand.engine.drain();
    }
    expect(await inState(mails, 'accepted')).toBe(30);
  });
});
