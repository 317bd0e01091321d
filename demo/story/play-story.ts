import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { type RunningDemo, startDemo } from '../supervisor/start-demo.js';
import {
  book,
  CROWD_MEMBERS,
  NANTERRE,
  type Player,
  plusDays,
  type Role,
  STOPPER,
  WATCHED,
  WRITTEN_TO,
} from './cast.js';
import { sabotage, type Sabotage } from './sabotage.js';
import {
  absenceMoves,
  IN_FLIGHT,
  noDoubtLeft,
  receiptsReturn,
  remindedAtTheHour,
  type Seen,
  stopMessages,
  summonsLeave,
  workerDies,
} from './scenes.js';
import { Stage } from './stage.js';
import { type Step, verdict, type Verdict } from './verdict.js';

const KEPT = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'REDIS_URL', 'NODE_OPTIONS'];

/**
 * The whole service on real parts and a simulated clock, in a temporary folder, from a booking to an absence rate.
 * Nothing of the caller's variables is used but `REDIS_URL`.
 */
export async function playStory(
  chosen: Sabotage | undefined,
  tell: (line: string) => void,
): Promise<Verdict> {
  const directory = mkdtempSync(join(tmpdir(), 'msj-story-'));
  // PostgreSQL may run as another user.
  chmodSync(directory, 0o755);
  const demo = await startDemo({ port: 0, directory, env: ownEnvironment(), tell });
  const stop = () => void demo.stop().then(() => process.exit(1));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await playOn(demo, chosen, tell);
  } finally {
    await demo.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = KEPT.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  // Few at a time: when the worker dies, some are on the line and others still wait.
  return { ...Object.fromEntries(kept), SEND_CONCURRENCY: String(IN_FLIGHT) };
}

async function playOn(
  demo: RunningDemo,
  chosen: Sabotage | undefined,
  tell: (line: string) => void,
): Promise<Verdict> {
  const stage = await Stage.open(demo);
  try {
    return await new Story(stage, chosen, tell).play();
  } finally {
    await stage.close();
  }
}

class Story {
  private readonly steps: Step[] = [];
  private readonly players: Player[] = [];
  private readonly from = new Date();

  constructor(
    private readonly stage: Stage,
    private readonly chosen: Sabotage | undefined,
    private readonly tell: (line: string) => void,
  ) {}

  async play(): Promise<Verdict> {
    const date = convocationDay();
    await this.stage.moveClock(`${plusDays(date, -6)}T12:00:00Z`);
    await sabotage(this.chosen, 'before-booking', this.stage);
    await this.step('an agent books', () => this.book(date));
    const of = (place: string) =>
      this.watched().find(({ scene }) => scene.place === place)?.convocationId ?? '';
    await this.step('the summons leaves', () =>
      summonsLeave(this.stage, [...this.watched(), ...this.cast(STOPPER)]),
    );
    await this.step('signed receipts come back', () => receiptsReturn(this.stage, this.watched(), 'summons'));
    await this.step('a person stops messages', () => stopMessages(this.stage, this.only(STOPPER)));
    await sabotage(this.chosen, 'after-booking', this.stage, of);
    for (const player of this.watched())
      await this.step(`the reminder leaves at the right hour in ${player.scene.place}`, () =>
        remindedAtTheHour(this.stage, player, date),
      );
    await sabotage(this.chosen, 'after-reminder', this.stage, of);
    await this.step('a worker dies and comes back', () =>
      workerDies(this.stage, this.cast(...CROWD_MEMBERS), date),
    );
    await this.step('the reminders are received', () =>
      receiptsReturn(this.stage, [...this.watched(), ...this.cast(...CROWD_MEMBERS)], 'reminder'),
    );
    await this.step('no doubt is left', () => noDoubtLeft(this.stage));
    await this.step('attendance is marked and the absence rate moves', () =>
      absenceMoves(this.stage, this.cast(...CROWD_MEMBERS), date),
    );
    return verdict(this.stage, this.players, this.steps, this.from);
  }

  private async book(date: string): Promise<Seen> {
    for (const role of [...WATCHED, STOPPER, WRITTEN_TO, ...CROWD_MEMBERS])
      this.players.push(await book(this.stage, role, date));
    return {
      ok: true,
      seen: `${this.players.length} convocations on ${date}, ${NANTERRE.place} and overseas`,
    };
  }

  private watched(): readonly Player[] {
    return this.cast(...WATCHED);
  }

  private cast(...roles: readonly Role[]): readonly Player[] {
    return this.players.filter(({ phone }) => roles.some((role) => role.phone === phone));
  }

  private only(role: Role): Player {
    const [player] = this.cast(role);
    if (player === undefined) throw new Error(`${role.lastName} was not booked`);
    return player;
  }

  /** A scene that breaks is a step that failed; the story goes on and the verdict counts it. */
  private async step(name: string, scene: () => Promise<Seen>): Promise<void> {
    let seen: Seen;
    try {
      seen = await scene();
    } catch (error) {
      seen = { ok: false, seen: error instanceof Error ? error.message : String(error) };
    }
    this.steps.push({ step: name, ...seen });
    this.tell(`${seen.ok ? 'ok    ' : 'FAILED'} ${name}: ${seen.seen}`);
  }
}

/** A Wednesday at least a week ahead on which no place of the story is closed by law. */
function convocationDay(): string {
  const today = Temporal.Now.plainDateISO('UTC');
  let day = today.add({ days: 7 + ((3 - today.dayOfWeek + 7) % 7) });
  while (CLOSED.has(day.toString().slice(5))) day = day.add({ days: 7 });
  return day.toString();
}

/** Fixed feasts of the three places that may fall on a Wednesday, and their eves; movable ones fall on other days. */
const CLOSED = new Set([
  '01-01',
  '05-01',
  '05-08',
  '06-10',
  '07-14',
  '08-15',
  '11-01',
  '11-11',
  '12-20',
  '12-25',
]);
