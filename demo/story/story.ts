import { absenceMoves } from './attendance.js';
import {
  BOOKED_AT,
  CROWD,
  NANTERRE,
  NANTERRIEN,
  type Player,
  type Role,
  STOPPER,
  WATCHED,
  WRITTEN_TO,
} from './cast.js';
import { bookByApi, bookByPages } from './office.js';
import { sabotage, type Sabotage, type Moment } from './sabotage.js';
import {
  mailAtTheHour,
  nothingMore,
  receiptsReturn,
  remindedAtTheHour,
  type Seen,
  stopMessages,
  summonsLeave,
} from './scenes.js';
import type { Stage } from './stage.js';
import { account, everyPromiseOnce, judge, type Step, type Verdict } from './verdict.js';
import { workerDies } from './worker-dies.js';

/** The scenes in their order; each is one step of the verdict. */
export class Story {
  private readonly steps: Step[] = [];
  private readonly players: Player[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly chosen: Sabotage | undefined,
    private readonly tell: (line: string) => void,
  ) {}

  async play(): Promise<Verdict> {
    await this.stage.moveClock(Date.parse(BOOKED_AT));
    await this.mayBreak('before-booking');
    await this.bookings();
    await this.mayBreak('after-booking');
    await this.reminders();
    await this.mayBreak('after-reminders');
    await this.step('a worker dies and comes back', () => workerDies(this.stage, this.all(CROWD)));
    await this.step('every promised message left exactly once', () =>
      everyPromiseOnce(this.stage, this.players),
    );
    await this.step('attendance is marked and the absence rate moves', () =>
      absenceMoves(this.stage, this.all(CROWD)),
    );
    return judge(this.steps, await account(this.stage, this.players));
  }

  private async bookings(): Promise<void> {
    const { stage } = this;
    await this.step('an agent signs in and books', () => this.bookOnPages());
    await this.step('others are booked by the API', () => this.bookOthers());
    const told = () => this.players.filter(({ expects }) => expects.includes('summons'));
    await this.step('the summons leaves at once', () => summonsLeave(stage, told()));
    await this.step('the operator returns signed receipts', () =>
      receiptsReturn(
        stage,
        told().filter(({ channel }) => channel === 'sms'),
      ),
    );
    await this.step('a person stops messages by the link', () => stopMessages(stage, this.one(STOPPER)));
  }

  private async reminders(): Promise<void> {
    const { stage } = this;
    for (const role of WATCHED) {
      await this.step(`the reminder leaves at the right hour in ${role.scene.place}`, () =>
        remindedAtTheHour(stage, this.one(role)),
      );
      if (role.scene !== NANTERRE) continue;
      await this.step('a person without a mobile is reminded by mail', () =>
        mailAtTheHour(stage, this.one(WRITTEN_TO)),
      );
      await this.step('the person who stopped receives nothing more', () =>
        nothingMore(stage, this.one(STOPPER)),
      );
    }
  }

  private async bookOnPages(): Promise<Seen> {
    const player = await bookByPages(this.stage.demo.file, NANTERRIEN);
    this.players.push(player);
    const rows = await this.stage.count(
      `convocation WHERE id = $1 AND state = 'booked' AND created_by_agent_id IS NOT NULL`,
      player.convocationId,
    );
    return { ok: rows === 1, seen: `signed in, registered and booked on the pages; ${rows} convocation` };
  }

  private async bookOthers(): Promise<Seen> {
    const roles = [...WATCHED, STOPPER, WRITTEN_TO, ...CROWD].filter((role) => role !== NANTERRIEN);
    for (const role of roles) this.players.push(await bookByApi(this.stage.demo.file, role));
    const rows = await this.stage.count(`convocation WHERE state = 'booked'`);
    return { ok: rows === this.players.length, seen: `${rows} convocations in three services` };
  }

  private mayBreak(moment: Moment): Promise<void> {
    const at = (place: string) => this.one(WATCHED.find(({ scene }) => scene.place === place));
    return sabotage(this.chosen, moment, this.stage, at);
  }

  private all(roles: readonly Role[]): readonly Player[] {
    return this.players.filter(({ address }) => roles.some((role) => role.address === address));
  }

  private one(role: Role | undefined): Player {
    const player = this.players.find(({ address }) => address === role?.address);
    if (player === undefined) throw new Error(`${role?.lastName ?? 'nobody'} was not booked`);
    return player;
  }

  /** A scene that breaks is a step that failed; the story goes on, and the verdict counts it. */
  private async step(name: string, scene: () => Promise<Seen>): Promise<void> {
    const seen = await scene().catch((error: unknown) => ({
      ok: false,
      seen: error instanceof Error ? error.message : String(error),
    }));
    this.steps.push({ name, ...seen });
    this.tell(`${seen.ok ? 'ok    ' : 'FAILED'}  ${name}: ${seen.seen}`);
  }
}
