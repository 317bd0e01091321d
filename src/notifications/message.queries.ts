import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../platform/prepared.js';
import { route } from './domain/decide-send.js';
import type { Channel, MessageKind, MessageState } from './domain/notification.states.js';
import { WAYS_TO_REACH, wentToStranger } from './follow-up/reach.query.js';
import { Gateways } from './providers/gateways.js';

/** One message as an agent or a program sees it. */
export interface MessageView {
  readonly id: string;
  readonly convocationId: string;
  readonly kind: MessageKind;
  /** Days before the appointment of a reminder, otherwise 0. */
  readonly offsetDays: number;
  readonly promiseVersion: number;
  /** Of the last attempt, else the one it would take now; null when none is possible. */
  readonly channel: Channel | null;
  readonly state: MessageState;
  /** Why it did not leave or arrive, as a code. */
  readonly reason: string | null;
  readonly errorCode: string | null;
  readonly dueAt: Date;
  readonly usefulUntil: Date;
  /** When the operator took it, when a receipt settled it. */
  readonly acceptedAt: Date | null;
  readonly settledAt: Date | null;
  readonly attempts: number;
  readonly possibleDuplicate: boolean;
  /** Another final status that the operator reported after the one that counts, of any of its calls; null: none. */
  readonly conflictingStatus: string | null;
  /** State of the text of the same day that says this one too; null when none does. */
  readonly toldBy: MessageState | null;
  /** It, or the text that told it, went to somebody who says that the number or the address is not theirs. */
  readonly toStranger: boolean;
  /** The way it would take now; null when none is possible. */
  readonly next: Channel | null;
  /** About to be sent again because it did not arrive: the way it will take; null otherwise. */
  readonly retry: Channel | null;
}

/** How far the text got that says what this message was to say: its own, or one of the same day. */
export function stateOfText({ state, toldBy }: Pick<MessageView, 'state' | 'toldBy'>): MessageState {
  return toldBy ?? state;
}

interface Row extends Omit<MessageView, 'channel' | 'next' | 'retry'> {
  readonly ladderStep: number;
  readonly lastChannel: Channel | null;
  readonly hasPhone: boolean;
  readonly phoneMobile: boolean;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  readonly phoneFlagged: boolean;
  readonly wrongPerson: boolean;
  readonly hasEmail: boolean;
  readonly wantedChannel: Channel | null;
}

const OF_CONVOCATIONS = prepared(`
SELECT m.id, m.convocation_id AS "convocationId", m.kind, m.occurrence AS "offsetDays",
       m.promise_version AS "promiseVersion", m.state, m.reason, m.due_at AS "dueAt",
       m.useful_until AS "usefulUntil", m.accepted_at AS "acceptedAt", m.settled_at AS "settledAt", m.attempts,
       m.possible_duplicate AS "possibleDuplicate", a.channel AS "lastChannel", a.error_code AS "errorCode",
       (SELECT max(said.conflicting_status) FROM delivery_attempt said WHERE said.message_id = m.id)
         AS "conflictingStatus",
       ${WAYS_TO_REACH},
       m.wanted_channel AS "wantedChannel", m.ladder_step AS "ladderStep", teller.state AS "toldBy",
       ${wentToStranger('m')} OR teller.id IS NOT NULL AND ${wentToStranger('teller')} AS "toStranger"
  FROM message m
  JOIN convocation c ON c.id = m.convocation_id
  JOIN person p ON p.id = c.person_id
  LEFT JOIN message teller ON teller.id = m.told_by_message_id
  LEFT JOIN delivery_attempt a ON a.message_id = m.id AND a.number = m.attempts
 WHERE m.convocation_id = ANY($1::uuid[])
 ORDER BY m.due_at, m.id`);

@Injectable()
export class MessageQueries {
  constructor(private readonly gateways: Gateways) {}

  /** Messages of these convocations, oldest due first; whether the caller may see them is the caller's question. */
  async ofConvocations(
    tx: EntityManager,
    convocationIds: readonly string[],
  ): Promise<readonly MessageView[]> {
    if (convocationIds.length === 0) return [];
    const rows: Row[] = await tx.query(OF_CONVOCATIONS, [convocationIds]);
    return rows.map((row) => this.view(row));
  }

  private view(row: Row): MessageView {
    const { lastChannel, hasPhone, phoneMobile, noPhone, smsRefused, hasEmail, ...rest } = row;
    const { phoneFlagged, wrongPerson, wantedChannel, ladderStep, ...message } = rest;
    const reach = { hasPhone, phoneMobile, noPhone, smsRefused, phoneFlagged, wrongPerson, hasEmail };
    const now = route(reach, this.gateways.mailIsOn, wantedChannel);
    const next = now.do === 'send' ? now.channel : null;
    const isAgain =
      ladderStep > 0 && lastChannel !== null && (row.state === 'planned' || row.state === 'queued');
    return { ...message, channel: lastChannel ?? next, next, retry: isAgain ? next : null };
  }
}
