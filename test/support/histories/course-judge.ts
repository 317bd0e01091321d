import { BEFORE, HOLDS, HOUR, iso, type Kind, MINUTE, type Read } from './reading.js';
import type { Appointment, OfficeWorld } from './world.js';

/** What became of one message, as its row says when all is over. */
interface End {
  readonly convocationId: string;
  readonly kind: Kind;
  readonly state: string;
  readonly reason: string | null;
  readonly isTold: boolean;
  readonly version: number;
}

/** Judges what was told, or not told, of each appointment: nobody is forgotten. */
export class CourseJudge {
  readonly wrong: string[] = [];
  private readonly settled = new Set<string>();

  /** @param read every text that left so far */
  constructor(
    private readonly world: OfficeWorld,
    private readonly read: readonly Read[],
  ) {}

  async look(): Promise<void> {
    await this.judgeReach();
    await this.judgeChanges();
  }

  /** From four hours before until the appointment: told, or an agent was asked. */
  private async judgeReach(): Promise<void> {
    const { now, lastActAt, appointments } = this.world;
    if (now - lastActAt < 3 * MINUTE) return;
    for (const appointment of appointments) {
      const promised = appointment.promises.at(-1);
      if (appointment.state !== 'booked' || promised === undefined) continue;
      if (promised.startsAt <= now || promised.startsAt > now + 4 * HOUR) continue;
      const reached = this.textsOf(appointment).some(
        ({ got, told, kind }) =>
          BEFORE.includes(kind) &&
          told.some((one) => one.promised === promised) &&
          (got.way === 'email' || (got.end?.status === 'delivered' && !this.world.blocked.has(got.to))),
      );
      if (!reached && !(await this.isAsked(appointment, promised.madeAt)))
        this.once(
          `reach ${appointment.id}`,
          `${promised.clock}: in four hours, nobody was reached and nobody was asked`,
        );
    }
  }

  /** At an hour that is off: whoever was told it knows better by now, or an agent was asked to tell. */
  private async judgeChanges(): Promise<void> {
    for (const appointment of this.world.appointments)
      for (const [nth, { clock, startsAt }] of appointment.promises.entries()) {
        const key = `${clock} ${nth}`;
        if (startsAt > this.world.now || this.settled.has(key) || stands(appointment, nth)) continue;
        this.settled.add(key);
        if (this.world.now - this.world.lastActAt < 3 * MINUTE || !wasToBeTold(appointment, nth)) continue;
        await this.judgeChange(appointment, nth);
      }
  }

  private async judgeChange(appointment: Appointment, nth: number): Promise<void> {
    const [old, next] = appointment.promises.slice(nth);
    const texts = this.textsOf(appointment).filter(({ got }) => got.end?.status !== 'undelivered');
    const last = texts.filter(({ got }) => got.at < (old?.startsAt ?? 0)).at(-1);
    const believes = last?.told.some(({ promised }) => promised === old) === true;
    if (old === undefined || !believes || last.kind === 'cancellation') return;
    const since = next?.madeAt ?? appointment.changedAt;
    if (!(await this.isAsked(appointment, since)))
      this.wrong.push(
        `« ${last.got.body.slice(0, 60)} » of ${iso(last.got.at)} is the last word, ${old.clock} is off since ${iso(since)}, and nobody was asked`,
      );
  }

  /** Once nothing more can happen. */
  async judgeEnds(): Promise<void> {
    const rows = await this.world.engine.query<End>(
      `SELECT convocation_id AS "convocationId", kind, state, reason, told_by_message_id IS NOT NULL AS "isTold",
              promise_version AS version FROM message`,
    );
    for (const row of rows) await this.judgeEnd(row);
  }

  private async judgeEnd(row: End): Promise<void> {
    const appointment = this.world.appointments.find(({ id }) => id === row.convocationId);
    if (appointment === undefined) return;
    const name = `${appointment.promises.at(-1)?.clock ?? ''} ${row.kind} v${row.version}`;
    if (['planned', 'queued', 'sending', 'uncertain'].includes(row.state))
      this.wrong.push(`${name} waits for ever (${row.state})`);
    if (row.version !== appointment.promises.length) return;
    const holds = BEFORE.includes(row.kind)
      ? ['booked', 'attended', 'missed'].includes(appointment.state)
      : appointment.state === HOLDS[row.kind];
    if (row.state === 'withdrawn' && holds && row.reason === null && !row.isTold && !this.world.planChanged)
      this.wrong.push(`${name} was withdrawn though nothing changed`);
    if (row.state === 'expired' && holds && !(await this.isAsked(appointment, 0, 'or-was')))
      this.wrong.push(`${name} expired (${row.reason ?? ''}) and nobody was asked`);
  }

  /** Tasks about the appointment as an agent sees them: open now, or closed by an agent since then; or, also, needless since. */
  private async isAsked({ id }: Appointment, since: number, when: 'is' | 'or-was' = 'is'): Promise<boolean> {
    const rows = await this.world.engine.query(
      `SELECT FROM agent_task WHERE convocation_id = $1 AND kind IN ('reach-otherwise', 'wrong-person')
         AND (closed_at IS NULL OR closed_at >= $2 AND ($3 OR outcome <> 'no-longer-needed'))`,
      [id, iso(since), when === 'or-was'],
    );
    return rows.length > 0;
  }

  private textsOf(appointment: Appointment): readonly Read[] {
    return this.read.filter(({ told }) => told.some((one) => one.appointment === appointment));
  }

  private once(key: string, sentence: string): void {
    if (this.settled.has(key)) return;
    this.settled.add(key);
    this.wrong.push(`${iso(this.world.now)} ${sentence}`);
  }
}

/** It is what is promised now. */
function stands({ promises, state }: Appointment, nth: number): boolean {
  return nth === promises.length - 1 && state === 'booked';
}

/** The service did not keep for itself what came after this promise. */
function wasToBeTold({ promises, state, isTold }: Appointment, nth: number): boolean {
  if (nth === promises.length - 1) return state === 'cancelled' && isTold;
  return (state === 'booked' || isTold) && promises.slice(nth + 1).every(({ notify }) => notify);
}
