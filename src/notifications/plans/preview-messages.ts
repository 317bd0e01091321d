import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { Clock } from '../../platform/clock.js';
import { smsLength } from '../../shared/sms-length.js';
import { type Instant, instantOf, type LocalTime, toInstant } from '../../shared/time.js';
import { composeMessage, type StopLink } from '../templates/compose-message.js';
import { NotDiscreet } from '../domain/discreet-place.js';
import { type Reach, route, type SuppressedReason } from '../domain/decide-send.js';
import type { Channel, MessageKind } from '../domain/notification.states.js';
import type { Difference } from '../domain/trial.js';
import { type PlannedByChannel, planPromise } from '../domain/plan-promise.js';
import {
  type AlsoThatDay,
  type PreviewFacts,
  type PreviewFactsRequest,
  readPreviewFacts,
} from './preview-facts.query.js';
import { daysAhead, planOf } from './promise-to-plan.query.js';
import { Gateways } from '../providers/gateways.js';
import { SendingRules } from '../sending/sending-rules.js';

/** As long as a real one, so that the parts shown are those billed. */
const SAMPLE_TOKEN = 'x'.repeat(22);

/** Its hour, and what would be told of it at once. */
export interface PreviewRequest extends PreviewFactsRequest {
  readonly time: string;
  readonly announce: 'summons' | 'rescheduling' | null;
}

/** One text as it would leave, and be billed. */
export interface MessagePreview extends Omit<PlannedByChannel, 'channel'> {
  /** By which it would leave now; null when none is possible. */
  readonly channel: Channel | null;
  readonly text: string;
  /** It would name justice to a person who asked for discretion: it does not leave. */
  readonly isRevealing: boolean;
  readonly segments: number;
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly costlyCharacters: readonly string[];
}

/** What the person would be told, before anything is booked. */
export interface MessagesPreview {
  readonly promise: LocalTime;
  readonly startsAt: Instant;
  readonly messages: readonly MessagePreview[];
  /** Announcements and reminders that cannot leave in time. */
  readonly impossible: readonly MessageKind[];
  /**
   * The convocation enters a trial whose arm is drawn at the booking: with `timing`, reminders are left out, their
   * hours not being known; with `wording`, the words may be others.
   */
  readonly drawn: Difference | null;
  /** A reminder is planned, whatever arm is drawn. */
  readonly isSurelyReminded: boolean;
  /** Other appointments of the person that day: one reminder tells them all where hours allow; here, those alike. */
  readonly alsoThatDay: readonly AlsoThatDay[];
  readonly channel: Channel | null;
  readonly unreachable: SuppressedReason | null;
}

/** What would leave, when and in which words, before anything is booked; the same functions as the engine. */
@Injectable()
export class PreviewMessages {
  constructor(
    private readonly env: Env,
    private readonly clock: Clock,
    private readonly rules: SendingRules,
    private readonly gateways: Gateways,
  ) {}

  /**
   * Whether the caller may see the person and the agenda is the caller's question.
   * @returns undefined when person, type or agenda does not exist
   * @throws NonexistentLocalTime
   */
  async execute(tx: EntityManager, request: PreviewRequest): Promise<MessagesPreview | undefined> {
    const rows = await readPreviewFacts(tx, request);
    const row = rows[0];
    if (row === undefined) return undefined;
    const promise = { date: request.date, time: request.time, timeZone: row.timeZone };
    const startsAt = toInstant(promise);
    const announce = request.announce ?? (row.isUnheard ? 'summons' : null);
    const usual = this.planned(row, promise, startsAt, announce, await this.clock.now(tx));
    const planned = usual.filter(({ kind }) => row.drawn !== 'timing' || kind !== 'reminder');
    const wanted: readonly MessageKind[] = [
      ...(announce === null ? [] : [announce]),
      ...(row.drawn === 'timing' ? [] : (['reminder'] as const)),
    ];
    const reach = route(row, this.gateways.mailIsOn);
    return {
      promise,
      startsAt,
      messages: planned.map((message, index) => this.write(message, rows, request, index === 0)),
      impossible: wanted.filter((kind) => !planned.some((message) => message.kind === kind)),
      drawn: row.drawn,
      // An arm that can remind no more leaves the last reminder of the usual plan.
      isSurelyReminded: usual.some(({ kind }) => kind === 'reminder'),
      alsoThatDay: row.alsoThatDay,
      channel: reach.do === 'send' ? reach.channel : null,
      unreachable: reach.do === 'suppress' ? reach.reason : null,
    };
  }

  private planned(
    row: PreviewFacts,
    promise: LocalTime,
    startsAt: Instant,
    announce: PreviewRequest['announce'],
    now: Instant,
  ): readonly PlannedByChannel[] {
    const { isFirst, absences, earlierHours } = row;
    const lastTextAt = row.lastTextAt && instantOf(row.lastTextAt);
    const facts = { bookedAheadDays: daysAhead(now, promise), isFirst, absences };
    const known = { promise, startsAt, plan: planOf(row.steps), facts, earlierHours, lastTextAt, now };
    return planPromise(known, announce, this.rules.of(row));
  }

  private write(
    message: PlannedByChannel,
    rows: readonly PreviewFacts[],
    { announce, date, time }: PreviewRequest,
    isFirst: boolean,
  ): MessagePreview {
    const row = rows.find(({ kind }) => kind === message.kind);
    const channel = row === undefined ? null : this.channelOf(row, message.channel);
    const stop: StopLink | null =
      isFirst && announce !== 'rescheduling'
        ? { url: `${this.env.PUBLIC_BASE_URL}/s/${SAMPLE_TOKEN}`, by: channel ?? 'sms' }
        : null;
    const alike =
      message.kind === 'reminder' ? (row?.alsoThatDay.filter(({ isAlike }) => isAlike) ?? []) : [];
    const alsoAt = alike.map((other) => other.time);
    const template = row?.templateText;
    const written =
      row === undefined || template == null
        ? ''
        : unlessRevealing(() =>
            composeMessage(template, { ...row, date, time }, stop, message.dueAt, alsoAt),
          );
    const text = written ?? '';
    const { segments, encoding, costlyCharacters } = smsLength(text);
    return { ...message, channel, text, isRevealing: written === null, segments, encoding, costlyCharacters };
  }

  private channelOf(person: Reach, wanted: Channel | null): Channel | null {
    const way = route(person, this.gateways.mailIsOn, wanted);
    return way.do === 'send' ? way.channel : null;
  }
}

/** Null when a discreet text would name justice. */
function unlessRevealing(compose: () => string): string | null {
  try {
    return compose();
  } catch (error) {
    if (error instanceof NotDiscreet) return null;
    throw error;
  }
}
