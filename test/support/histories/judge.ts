import { Temporal } from 'temporal-polyfill';
import { CourseJudge } from './course-judge.js';
import type { Got } from './phones.js';
import {
  BEFORE,
  firstTold,
  HOLDS,
  HOUR,
  iso,
  isOpen,
  MINUTE,
  nextOpen,
  type Read,
  type Told,
  understood,
} from './reading.js';
import type { OfficeWorld } from './world.js';

/** The longer words first. */
const DAYS = [
  ["aujourd'hui", 0],
  ['après-demain', 2],
  ['demain', 1],
] as const;

/** Reads what phones got, and says what is wrong; knows nothing of how the product decides. */
export class Judge {
  private readonly said: string[] = [];
  private readonly read: Read[] = [];
  private readonly course: CourseJudge;
  private seen = 0;

  constructor(private readonly world: OfficeWorld) {
    this.course = new CourseJudge(world, this.read);
  }

  get wrong(): readonly string[] {
    return [...this.said, ...this.course.wrong];
  }

  /** After all that is due at this instant is done. */
  async look(): Promise<void> {
    const { phones } = this.world.engine;
    const fresh = phones.got.slice(this.seen);
    this.seen += fresh.length;
    for (const { body } of phones.stops.splice(0)) this.hearStop(body);
    for (const got of fresh) await this.judge(got);
    await this.course.look();
  }

  /** Once nothing more can happen. */
  async end(): Promise<void> {
    await this.judgeDoubles();
    await this.course.judgeEnds();
  }

  private async judge(got: Got): Promise<void> {
    const read = understood(this.world, got);
    if (read === undefined) {
      this.say(got, 'tells an hour that nobody promised');
      return;
    }
    this.read.push(read);
    const [first] = read.told;
    if (first === undefined) return;
    this.judgeAddressee(read, first);
    if (this.world.isHeld) this.say(got, 'left while everything is held');
    if (!read.told.some(({ promised }) => isOpen(promised.service, got.at)))
      this.say(got, 'outside the hours of its service');
    for (const told of read.told) this.judgeTruth(read, told);
    if (read.told.length === 1) this.judgeWords(read, first);
    if (read.kind === 'reminder' && got.way === 'sms') await this.judgeSpacing(read, first);
  }

  private judgeAddressee({ got }: Read, { appointment: { person } }: Told): void {
    if (got.to !== (got.way === 'sms' ? person.phone : person.email)) this.say(got, 'went to somebody else');
    if (got.way !== 'sms') return;
    if (person.refusedAt !== null && got.at > person.refusedAt + MINUTE)
      this.say(got, 'went to somebody who refuses texts');
    if (this.world.blocked.has(got.to)) this.say(got, 'went to a number said to be wrong');
  }

  private judgeTruth({ got, kind, told }: Read, { appointment, promised }: Told): void {
    const { state, promises, person } = appointment;
    if (told[0]?.appointment.person !== person) this.say(got, 'tells of two persons');
    if (state !== HOLDS[kind]) this.say(got, `a ${kind} of an appointment that is ${state}`);
    if (promises.at(-1) !== promised) this.say(got, 'tells a promise that was replaced');
    if (kind !== 'after-absence' && got.at >= promised.startsAt) this.say(got, 'after the hour it tells');
  }

  private judgeWords({ got, kind }: Read, { appointment, promised }: Told): void {
    const { date, service } = promised;
    const here = Temporal.Instant.fromEpochMilliseconds(got.at)
      .toZonedDateTimeISO(service.timeZone)
      .toPlainDate();
    const days = here.until(date).days;
    const { body } = got;
    const said = DAYS.find(([word]) => body.includes(word))?.[1];
    if (said !== undefined && said !== days) this.say(got, `says a day that is ${days} days ahead`);
    const day = String(Number(date.slice(8)));
    if (said === undefined && !new RegExp(`\\b${day}(er)?\\b`).test(body))
      this.say(got, 'does not say the day');
    const tellsPlace = BEFORE.includes(kind) && appointment.typeCode !== 'rdv-telephonique';
    if (tellsPlace && !body.includes(service.street)) this.say(got, 'does not say the place');
  }

  /** Three hours from any other text to the person, unless it would then be of no use. */
  private async judgeSpacing({ got, told }: Read, { appointment, promised }: Told): Promise<void> {
    const close = this.read.filter(
      (other) =>
        other.got !== got &&
        other.got.way === 'sms' &&
        other.told[0]?.appointment.person === appointment.person &&
        got.at - other.got.at < 3 * HOUR - MINUTE &&
        !(other.got.end?.status === 'undelivered' && other.got.end.at <= got.at),
    );
    const latest = close.at(-1);
    if (latest === undefined) return;
    const message = await this.messageOf(got);
    if (message?.isRepeat === true || (await this.messageOf(latest.got))?.id === message?.id) return;
    const until = Math.min(...told.map((one) => one.promised.startsAt)) - HOUR;
    if (nextOpen(promised.service, latest.got.at + 3 * HOUR) < until)
      this.say(
        got,
        `a reminder ${Math.round((got.at - latest.got.at) / MINUTE)} min after « ${latest.got.body.slice(0, 40)} »`,
      );
  }

  private async judgeDoubles(): Promise<void> {
    const groups = new Map<string, { got: Got; id: string; flagged: boolean }[]>();
    for (const { got, kind, told } of this.read) {
      const message = await this.messageOf(got);
      if (message === undefined) continue;
      for (const { promised } of told) {
        const key = `${got.way} ${promised.clock} ${kind} ${kind === 'reminder' ? message.id : ''}`;
        groups.set(key, [...(groups.get(key) ?? []), { got, ...message }]);
      }
    }
    for (const texts of groups.values())
      for (const [nth, text] of texts.entries()) {
        const before = texts[nth - 1];
        const failed = before?.got.end?.status === 'undelivered' && before.got.end.at <= text.got.at;
        if (before !== undefined && !failed && !text.flagged)
          this.say(text.got, 'was told before, and is not flagged');
      }
  }

  /** Of which message this text was; the agent's page shows the flag beside it. */
  private async messageOf(
    got: Got,
  ): Promise<{ id: string; flagged: boolean; isRepeat: boolean } | undefined> {
    const rows = await this.world.engine.query<{ id: string; flagged: boolean; isRepeat: boolean }>(
      `SELECT m.id, m.possible_duplicate AS flagged, a.number > 1 AS "isRepeat"
         FROM delivery_attempt a JOIN message m ON m.id = a.message_id WHERE a.id = $1`,
      [got.attemptId],
    );
    return rows[0];
  }

  /** Whoever the operator says has stopped refuses from now on. */
  private hearStop(body: string): void {
    const person = firstTold(this.world, body)?.appointment.person;
    if (person !== undefined) person.refusedAt ??= this.world.now;
  }

  private say({ at, to, way, body }: Got, sentence: string): void {
    this.said.push(`${iso(at)} ${way} to ${to} « ${body.slice(0, 120)} »: ${sentence}`);
  }
}
