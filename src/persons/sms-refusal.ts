import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { ValidationFailed } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { type Instant, instantOf, toLocal } from '../shared/time.js';
import { type GivenWord, readWord } from './domain/resume-word.js';
import { recordHistory } from './history.js';
import { officeOf } from './office.js';
import type { PersonView } from './person.queries.js';

type Who = Pick<Actor, 'agentId' | 'apiKeyId'> | null;

/**
 * Dates the refusal of text messages; the first one stays. A null actor is the person or the operator.
 * @returns false when they were refused already
 */
export async function stopMessages(
  tx: EntityManager,
  actor: Who,
  refusal: {
    readonly personId: string;
    readonly origin: 'agent' | 'person' | 'operator';
    readonly convocationId?: string;
  },
): Promise<boolean> {
  const [, stopped]: [unknown, number] = await tx.query(
    `UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = $2,
       updated_at = greatest(app_now(), updated_at + interval '1 ms')
     WHERE id = $1 AND sms_refused_at IS NULL`,
    [refusal.personId, refusal.origin],
  );
  if (stopped === 0) return false;
  const { personId, convocationId, origin } = refusal;
  await recordHistory(tx, actor, { event: 'messages.stopped', personId, convocationId, detail: { origin } });
  return true;
}

/**
 * Texts leave again because the person said so: how, when, to whom and against which refusal stays in the history.
 * Without a refusal nothing changes. A program may take back without a word what a program entered, never what the
 * person said, to an agent too, or the operator.
 * @param heardById agent to whom it was said; null: the one who records it
 * @throws ValidationFailed without a word, or one older than the refusal
 */
export async function resumeMessages(
  tx: EntityManager,
  actor: Actor,
  person: Pick<PersonView, 'id' | 'smsRefusedAt' | 'smsRefusedOrigin'>,
  word: GivenWord & { readonly heardById?: string | null },
  now: Instant,
): Promise<void> {
  const { smsRefusedAt, smsRefusedOrigin } = person;
  if (smsRefusedAt === null) return;
  const { today, timeZone } = await officeOf(tx, actor, now);
  const isCorrection =
    smsRefusedOrigin === 'agent' &&
    actor.apiKeyId !== null &&
    isSilent(word) &&
    (await wasEnteredByProgram(tx, person.id));
  const said = isCorrection ? {} : readWord(word, toLocal(instantOf(smsRefusedAt), timeZone).date, today);
  const heardByAgentId = await colleague(tx, actor, word.heardById ?? actor.agentId);
  await tx.query(
    `UPDATE person SET sms_refused_at = NULL, sms_refused_origin = NULL,
       updated_at = greatest(app_now(), updated_at + interval '1 ms')
     WHERE id = $1`,
    [person.id],
  );
  await recordHistory(tx, actor, {
    event: 'messages.resumed',
    personId: person.id,
    detail: {
      ...said,
      heardByAgentId,
      refusedOrigin: smsRefusedOrigin,
      refusedAt: smsRefusedAt.toISOString(),
    },
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
