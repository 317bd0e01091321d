import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { recordHistory } from '../../persons/history.js';
import { personsWith } from '../../persons/phone-block.js';
import { keepContact } from '../../platform/contacts.js';
import { stopNumber } from '../../persons/stop-number.js';
import { readReply, type ReplyIntent, type ReplyReading } from '../domain/reply-intent.js';
import { type Concerned, withNextConvocation } from './inbound-persons.query.js';
import { type NewTask, openTasks } from '../follow-up/open-tasks.js';
import { ReportWrongPerson } from './report-wrong-person.js';

/** A text a phone sent to us. */
export interface Reply {
  readonly operator: string;
  /** The operator's own id: the same one twice is one reply. */
  readonly operatorMessageId: string;
  /** `+33612345678` */
  readonly from: string;
  readonly body: string;
}

export interface RecordedReply {
  readonly intent: ReplyIntent;
  /** Somebody is registered with the number. */
  readonly known: boolean;
}

const LONGEST = 1600;

/**
 * Keeps a reply and draws its consequence for everybody registered with the number. STOP stops; a wrong person blocks
 * the number; everything else is told to a human and changes no appointment. Nothing is answered by itself: a number
 * that proves nothing gets no information, and two machines must not talk to each other.
 */
@Injectable()
export class RecordReply {
  constructor(private readonly reportWrongPerson: ReportWrongPerson) {}

  /** @returns undefined when this reply was recorded before */
  async execute(tx: EntityManager, reply: Reply): Promise<RecordedReply | undefined> {
    const body = storable(reply.body);
    const reading = readReply(body);
    const phoneId = await keepContact(tx, 'phone', reply.from);
    const id = await keep(tx, { ...reply, body }, phoneId, reading.intent);
    if (id === undefined) return undefined;
    const personIds = await personsWith(tx, phoneId);
    await link(tx, id, personIds);
    const concerned = await withNextConvocation(tx, personIds);
    await this.follow(tx, phoneId, reading, concerned);
    return { intent: reading.intent, known: personIds.length > 0 };
  }

  private async follow(
    tx: EntityManager,
    phoneId: string,
    reading: ReplyReading,
    concerned: readonly Concerned[],
  ): Promise<void> {
    const { intent } = reading;
    if (intent === 'stop') await stopNumber(tx, phoneId);
    if (reading.saysWrongPerson) await this.reportWrongPerson.execute(tx, { phoneId, origin: 'reply' });
    if (reading.saysWrongPerson || intent === 'stop') return;
    await rememberReach(tx, concerned);
    await recordAnswer(tx, intent, concerned);
    await openTasks(
      tx,
      concerned.filter(({ archived }) => !archived).flatMap((person) => taskFor(reading, person)),
    );
  }
}

/** What PostgreSQL cannot store is shown as a replacement sign. */
function storable(body: string): string {
  return body.slice(0, LONGEST).replace(/\u0000|\p{Surrogate}/gu, '\ufffd');
}

async function keep(
  tx: EntityManager,
  reply: Reply,
  phoneId: string,
  intent: ReplyIntent,
): Promise<string | undefined> {
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO inbound_message (operator, operator_message_id, phone_id, body, intent)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (operator, operator_message_id) DO NOTHING RETURNING id`,
    [reply.operator, reply.operatorMessageId, phoneId, reply.body, intent],
  );
  return rows[0]?.id;
}

async function link(tx: EntityManager, inboundId: string, personIds: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO inbound_message_person (inbound_message_id, person_id) SELECT $1, unnest($2::uuid[])`,
    [inboundId, personIds],
  );
}

/** Somebody reads what is sent to this number. */
async function rememberReach(tx: EntityManager, concerned: readonly Concerned[]): Promise<void> {
  await tx.query('UPDATE person SET phone_reached_at = app_now() WHERE id = ANY($1::uuid[])', [
    concerned.map(({ personId }) => personId),
  ]);
}

/** In the history of the next convocation, which stays as it is. */
async function recordAnswer(
  tx: EntityManager,
  intent: ReplyIntent,
  concerned: readonly Concerned[],
): Promise<void> {
  if (intent !== 'yes' && intent !== 'no') return;
  const shared = concerned.length > 1;
  for (const { personId, convocationId } of concerned)
    if (convocationId !== null)
      await recordHistory(tx, null, {
        event: `reply.${intent}`,
        personId,
        convocationId,
        detail: shared ? { shared } : {},
      });
}

function taskFor(reading: ReplyReading, { personId, convocationId }: Concerned): NewTask[] {
  const about = { personId, convocationId, messageId: null };
  if (reading.intent === 'no') return [{ kind: 'call-back', reason: 'replied-no', ...about }];
  if (reading.intent === 'help') return [{ kind: 'reply', reason: 'asked-help', ...about }];
  return reading.intent === 'free' && !reading.isCourtesy
    ? [{ kind: 'reply', reason: 'replied', ...about }]
    : [];
}
