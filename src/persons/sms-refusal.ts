import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Conflict, ValidationFailed } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { type Instant, instantOf, toLocal } from '../shared/time.js';
import { type GivenWord, readWord } from './domain/resume-word.js';
import { recordHistory } from './history.js';
import { officeOf } from './office.js';

type Who = Pick<Actor, 'agentId' | 'apiKeyId'> | null;

/** What a person is heard to have said, and where. */
export interface ResumingWord extends GivenWord {
  readonly heardById?: string | null | undefined;
  readonly seen?: string | undefined;
}

export type RefusalOrigin = 'agent' | 'person' | 'operator';

/**
 * Dates the refusal of text messages; the first one stays, but for a word that weighs more: what the person or the
 * operator says replaces what was noted for them, and what an agent notes replaces what a program entered. A null
 * actor is the person or the operator.
 * @returns false when they were refused already, by a word that weighs as much
 */
export async function stopMessages(
  tx: EntityManager,
  actor: Who,
  refusal: {
    readonly personId: string;
    readonly origin: RefusalOrigin;
    readonly convocationId?: string;
    /** Said from a number that several persons have: any of them may have meant it. */
    readonly shared?: true;
  },
): Promise<boolean> {
  const { personId, convocationId, origin, shared } = refusal;
  const before = await lockedRefusal(tx, personId);
  if (before === undefined || !(await replaces(tx, actor, refusal, before.origin))) return false;
  await tx.query(
    `UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = $2,
       updated_at = greatest(app_now(), updated_at + interval '1 ms')
     WHERE id = $1`,
    [personId, origin],
  );
  const detail = shared === true ? { origin, shared } : { origin };
  await recordHistory(tx, actor, { event: 'messages.stopped', personId, convocationId, detail });
  return true;
}

/**
 * The refusal in force, which nobody else changes before the end of the transaction: a STOP that arrives while texts
 * are being resumed waits, and is then recorded. Undefined: no such person.
 */
async function lockedRefusal(
  tx: EntityManager,
  personId: string,
): Promise<{ readonly origin: RefusalOrigin | null } | undefined> {
  const rows: { origin: RefusalOrigin | null }[] = await tx.query(
    'SELECT sms_refused_origin AS origin FROM person WHERE id = $1 FOR NO KEY UPDATE',
    [personId],
  );
  return rows[0];
}

async function replaces(
  tx: EntityManager,
  actor: Who,
  { personId, origin }: { readonly personId: string; readonly origin: RefusalOrigin },
  before: RefusalOrigin | null,
): Promise<boolean> {
  if (before !== 'agent') return before === null;
  if (origin !== 'agent') return true;
  return actor?.agentId != null && (await wasEnteredByProgram(tx, personId));
}

/**
 * When the person was last heard to refuse: the refusal in force, or a STOP that came by text since. A word said before
 * it does not answer it. Null: nothing is refused.
 */
export async function lastRefusal(tx: EntityManager, personId: string): Promise<Instant | null> {
  const rows: { at: Date | null }[] = await tx.query(
    `SELECT CASE WHEN p.sms_refused_at IS NOT NULL THEN greatest(p.sms_refused_at,
              (SELECT max(i.received_at) FROM inbound_message_person l
                 JOIN inbound_message i ON i.id = l.inbound_message_id
                WHERE l.person_id = p.id AND i.intent = 'stop')) END AS at
       FROM person p WHERE p.id = $1`,
    [personId],
  );
  const at = rows[0]?.at ?? null;
  return at === null ? null : instantOf(at);
}

/**
 * Texts leave again because the person said so: how, when, to whom and against which refusal stays in the history.
 * Without a refusal nothing changes. A program may take back without a word what a program entered, never what the
 * person said, to an agent too, or the operator.
 * @param word.heardById agent to whom it was said; null: the one who records it
 * @param word.seen the last refusal the caller was shown; absent: not said
 * @throws ValidationFailed without a word, or one older than the last refusal; Conflict when another one came since
 */
export async function resumeMessages(
  tx: EntityManager,
  actor: Actor,
  personId: string,
  word: ResumingWord,
  now: Instant,
): Promise<void> {
  const refusedOrigin = (await lockedRefusal(tx, personId))?.origin ?? null;
  const refusedAt = await lastRefusal(tx, personId);
  if (refusedOrigin === null || refusedAt === null) return;
  if (word.seen !== undefined && word.seen !== refusedAt.toString()) throw new Conflict('refusal');
  const { today, timeZone } = await officeOf(tx, actor, now);
  const isCorrection =
    refusedOrigin === 'agent' &&
    actor.apiKeyId !== null &&
    isSilent(word) &&
    (await wasEnteredByProgram(tx, personId));
  const said = isCorrection ? {} : readWord(word, toLocal(refusedAt, timeZone).date, today);
  const heardByAgentId = await colleague(tx, actor, word.heardById ?? actor.agentId);
  await tx.query(
    `UPDATE person SET sms_refused_at = NULL, sms_refused_origin = NULL,
       updated_at = greatest(app_now(), updated_at + interval '1 ms')
     WHERE id = $1`,
    [personId],
  );
  await recordHistory(tx, actor, {
    event: 'messages.resumed',
    personId,
    detail: { ...said, heardByAgentId, refusedOrigin, refusedAt: refusedAt.toString() },
  });
}

/** The history tells who entered the refusal in force; it names an agent who was told in person. */
async function wasEnteredByProgram(tx: EntityManager, personId: string): Promise<boolean> {
  const rows: { byProgram: boolean }[] = await tx.query(
    `SELECT agent_id IS NULL AND api_key_id IS NOT NULL AS "byProgram" FROM history_entry
      WHERE person_id = $1 AND event = 'messages.stopped' ORDER BY id DESC LIMIT 1`,
    [personId],
  );
  return rows[0]?.byProgram === true;
}

function isSilent({ means, saidOn }: GivenWord): boolean {
  return (means ?? '') === '' && (saidOn ?? '') === '';
}

/** @throws ValidationFailed unless the agent works in the actor's service */
async function colleague(tx: EntityManager, actor: Actor, agentId: string | null): Promise<string | null> {
  if (agentId === null || agentId === actor.agentId) return agentId;
  const rows: unknown[] = isUuid(agentId)
    ? await tx.query('SELECT FROM agent WHERE id = $1 AND organization_id = $2', [
        agentId,
        actor.organizationId,
      ])
    : [];
  if (rows.length > 0) return agentId;
  throw new ValidationFailed([{ field: 'heardBy', code: 'agent', message: 'not an agent of this service' }]);
}
