import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import type { Calendar } from '../organizations/domain/calendar.js';
import { Clock } from '../platform/clock.js';
import { type Instant, type LocalTime, toInstant } from '../shared/time.js';
import { smsLength } from '../shared/sms-length.js';
import { composeMessage, type Ingredients } from './compose-message.js';
import { planMessages, type PlannedMessage } from './domain/cadence.js';
import { route, type SuppressedReason } from './domain/decide-send.js';
import type { Channel, MessageKind } from './domain/notification.states.js';
import { Gateways } from './providers/gateways.js';
import { SendingRules } from './sending-rules.js';
import { TEMPLATE_CHOICE } from './template-choice.query.js';

/** As long as a real one, so that the parts shown are those billed. */
const SAMPLE_TOKEN = 'x'.repeat(22);

export interface PreviewRequest {
  readonly personId: string;
  readonly typeCode: string;
  readonly agendaId: string;
  readonly date: string;
  readonly time: string;
  readonly announce: 'summons' | 'rescheduling' | null;
}

export interface MessagePreview extends PlannedMessage {
  readonly text: string;
  readonly segments: number;
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly costlyCharacters: readonly string[];
}

export interface MessagesPreview {
  readonly promise: LocalTime;
  readonly startsAt: Instant;
  readonly messages: readonly MessagePreview[];
  /** Announcements and reminders that cannot leave in time. */
  readonly impossible: readonly MessageKind[];
  readonly channel: Channel | null;
  readonly unreachable: SuppressedReason | null;
}

interface Row extends Ingredients {
  readonly kind: MessageKind;
  readonly templateText: string | null;
  readonly timeZone: string;
  readonly calendar: Calendar;
  readonly sendsOnClosedDays: boolean;
  readonly phoneE164: string | null;
  readonly phoneMobile: boolean;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  readonly email: string | null;
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
    const rows = await readRows(tx, request);
    const row = rows[0];
    if (row === undefined) return undefined;
    const promise = { date: request.date, time: request.time, timeZone: row.timeZone };
    const startsAt = toInstant(promise);
    const rules = this.rules.of(row);
    const planned = planMessages({
      promise,
      startsAt,
      bookedAt: await this.clock.now(tx),
      announce: request.announce,
      window: rules.window,
      isClosed: rules.isClosed,
    });
    const wanted: readonly MessageKind[] = [
      ...(request.announce === null ? [] : [request.announce]),
      'reminder',
    ];
    const reach = route(row, this.gateways.mailIsOn);
    return {
      promise,
      startsAt,
      messages: planned.map((message, index) => this.write(message, rows, request, index === 0)),
      impossible: wanted.filter((kind) => !planned.some((message) => message.kind === kind)),
      channel: reach.do === 'send' ? reach.channel : null,
      unreachable: reach.do === 'suppress' ? reach.reason : null,
    };
  }

  private write(
    message: PlannedMessage,
    rows: readonly Row[],
    request: PreviewRequest,
    isFirst: boolean,
  ): MessagePreview {
    const row = rows.find(({ kind }) => kind === message.kind);
    const stopUrl =
      isFirst && request.announce !== 'rescheduling' ? `${this.env.PUBLIC_BASE_URL}/s/${SAMPLE_TOKEN}` : null;
    const ingredients = row === undefined ? undefined : { ...row, date: request.date, time: request.time };
    const text =
      ingredients?.templateText == null ? '' : composeMessage(ingredients.templateText, ingredients, stopUrl, message.dueAt);
    const { segments, encoding, costlyCharacters } = smsLength(text);
    return { ...message, text, segments, encoding, costlyCharacters };
  }
}

async function readRows(tx: EntityManager, request: PreviewRequest): Promise<readonly Row[]> {
  return tx.query(
    `SELECT wanted.kind, text.text AS "templateText",
            text.language AS "templateLanguage", p.register, c.shows_address AS "showsAddress", pl.name AS "placeName",
            pl.address AS "placeAddress", pl.phone AS "placePhone", pl.email AS "placeEmail",
            pl.contact_method AS "contactMethod", pl.information_url AS "informationUrl", pl.time_zone AS "timeZone",
            o.calendar, o.sends_on_closed_days AS "sendsOnClosedDays", p.phone_e164 AS "phoneE164",
            p.phone_mobile AS "phoneMobile", p.no_phone AS "noPhone", p.sms_refused_at IS NOT NULL AS "smsRefused",
            p.email
       FROM unnest($4::text[]) AS wanted(kind)
       JOIN person p ON p.id = $1
       JOIN agenda ag ON ag.id = $3
       JOIN place pl ON pl.id = ag.place_id
       JOIN organization o ON o.id = pl.organization_id
       JOIN LATERAL (SELECT t.code AS type_code, t.shows_address, o.id AS organization_id
                       FROM appointment_type t WHERE t.code = $2) AS c ON true
       LEFT JOIN LATERAL (${TEMPLATE_CHOICE}) AS text ON true`,
    [request.personId, request.typeCode, request.agendaId, ['summons', 'rescheduling', 'reminder']],
  );
}
