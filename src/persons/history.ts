import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { type JournalAct, noteActs } from '../access/journal/journal-acts.js';

export interface HistoryFact {
  /** `convocation.booked`, `person.updated`, `messages.stopped`… */
  readonly event: string;
  readonly personId: string;
  readonly convocationId?: string | undefined;
  /** Never a name, a phone number or an address. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** Appends what happened and who did it, and tells the journal; a null actor is the person or the service itself. */
export async function recordHistory(
  tx: EntityManager,
  actor: Pick<Actor, 'agentId' | 'apiKeyId'> | null,
  fact: HistoryFact,
): Promise<void> {
  await tx.query(
    `INSERT INTO history_entry (event, person_id, convocation_id, agent_id, api_key_id, detail)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      fact.event,
      fact.personId,
      fact.convocationId ?? null,
      actor?.agentId ?? null,
      actor?.apiKeyId ?? null,
      fact.detail ?? {},
    ],
  );
  noteActs(tx, [changeOf(fact)]);
}

/** The journal's word of it: which event, never what was written. */
export function changeOf({ event, personId, convocationId }: HistoryFact): JournalAct {
  return { action: 'file.changed', personId, objectId: convocationId, detail: { event } };
}
