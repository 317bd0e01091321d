import { Temporal } from 'temporal-polyfill';
import { at, World } from '../../support/world.js';
import { ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';

/** The clock of one process alone: shifted from its start, or stepped back once it runs. */
function skewed(minutes: number, stepBackAfterMs?: number): Record<string, string> {
  const script = `
    const real = Date.now; let shift = ${minutes * 60_000};
    ${stepBackAfterMs === undefined ? '' : `setTimeout(() => { shift = -shift; }, ${stepBackAfterMs});`}
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) { given.length === 0 ? super(real() + shift) : super(...given); }
      static now() { return real() + shift; }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}

/** Two workers that disagree by twenty minutes, and one whose clock steps back under way. */
async function workersDisagree(rig: Rig): Promise<void> {
  await rig.plan(60);
  await rig.plan(20, { dueIn: '5 minutes' });
  const small = { SEND_CONCURRENCY: '3' };
  const workers = await Promise.all([
    rig.worker({ ...skewed(10), ...small }),
    rig.worker({ ...skewed(-10), ...small }),
    rig.worker({ ...skewed(30, 1500), ...small }),
  ]);
  await rig.until('what is due has left', async () => (await rig.count(`state = 'accepted'`)) >= 60);
  equal(await rig.count(`state = 'planned' AND due_at > app_now()`), 20, 'messages that are not due yet');
  equal(rig.operator.calls, 60, 'texts');
  await rig.travel('5 minutes');
  await rig.quiet();
  equal(rig.operator.calls, 80, 'texts once the rest is due');
  for (const worker of workers) ensure(worker.isRunning, 'a worker ended');
}

interface Night {
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
}

const ZONES = ['Europe/Paris', 'Indian/Reunion', 'Indian/Mayotte', 'America/Guadeloupe', 'America/Cayenne'];
const FAR = ['Pacific/Noumea', 'Pacific/Tahiti', 'America/Miquelon', 'Pacific/Wallis', 'America/Martinique'];

/** Both nights of 2026 in ten zones, hour by hour: each reminder once, the day before, at the promised wall clock. */
async function bothNights(rig: Rig): Promise<void> {
  const engine = await rig.engine();
  const world = new World(rig.database.dataSource, engine);
  for (const sunday of ['2026-03-29', '2026-10-25']) {
    await setClock(rig, at(before(sunday, 3), '12:00', 'UTC'));
    const wishes = [...ZONES, ...FAR].flatMap((timeZone): Night[] => [
      { date: sunday, time: '09:30', timeZone },
      { date: after(sunday), time: '02:30', timeZone },
    ]);
    const booked = new Map<string, Night>();
    for (const wish of wishes) booked.set(await world.book({ ...wish, notify: false }), wish);
    await everyHour(rig, engine, before(sunday, 3), 120);
    for (const [id, wish] of booked) await leftAtItsHour(rig, id, wish);
  }
  equal(rig.operator.accepted.length, 40, 'texts in both nights');
}

async function everyHour(
  rig: Rig,
  engine: Awaited<ReturnType<Rig['engine']>>,
  from: string,
  hours: number,
): Promise<void> {
  const start = Temporal.Instant.from(at(from, '12:00', 'UTC'));
  for (let half = 0; half <= hours * 2; half++) {
    await setClock(rig, start.add({ minutes: half * 30 }).toString());
    if ((await rig.count(`state = 'planned' AND due_at <= app_now()`)) > 0) await engine.drain();
  }
}

/** Half an hour is the step of the clock here: a text leaves at its hour or within that step. */
async function leftAtItsHour(
  rig: Rig,
  convocationId: string,
  { date, time, timeZone }: Night,
): Promise<void> {
  const rows = await rig.query<{ left: Date }>(
    `SELECT accepted_at AS left FROM message WHERE convocation_id = $1 AND kind = 'reminder' AND accepted_at IS NOT NULL`,
    [convocationId],
  );
  equal(rows.length, 1, `reminders of ${date} ${time} ${timeZone}`);
  const due = Temporal.PlainDate.from(date)
    .subtract({ days: 1 })
    .toZonedDateTime({ timeZone, plainTime: time });
  const late = (rows[0]!.left.getTime() - due.epochMilliseconds) / 60_000;
  ensure(
    late > -1 && late <= 31,
    `the reminder of ${date} ${time} ${timeZone} left ${Math.round(late)} min after its hour`,
  );
}

async function setClock(rig: Rig, instant: string): Promise<void> {
  await rig.query(
    `INSERT INTO clock_offset (shift) VALUES ($1::timestamptz - now())
     ON CONFLICT (only_row) DO UPDATE SET shift = excluded.shift`,
    [instant],
  );
}

function before(date: string, days: number): string {
  return Temporal.PlainDate.from(date).subtract({ days }).toString();
}

function after(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString();
}

export const TIME: readonly Fault[] = [
  {
    id: 'F32',
    title: 'workers whose clocks differ by 20 min and step back',
    promise: 'the database’s clock decides; nothing early or twice',
    tier: 'core',
    backends: ['redis'],
    run: workersDisagree,
  },
  {
    id: 'F33',
    title: 'both nights of 2026 in ten zones, hour by hour',
    promise: 'once, the day before, at the promised wall clock',
    tier: 'core',
    backends: ['postgres'],
    run: bothNights,
  },
];
