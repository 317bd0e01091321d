import type { DataSource } from 'typeorm';
import { anAgent, aPerson, aService } from './builders.js';

/** One row in every walled table that a service can have rows of, for one service. */
export async function furnish(db: DataSource, code: string) {
  const service = await aService(db, { name: `SPIP ${code}` });
  const personId = await aPerson(db, { organizationIds: [service.organizationId], lastName: `Nom ${code}` });
  const { organizationId, placeId, agendaId } = service;
  const one = async (sql: string, values: unknown[]): Promise<string> => {
    const rows: { id: string }[] = await db.query(sql, values);
    return rows[0]?.id ?? '';
  };
  const convocationId = await one(
    `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
       time_zone, starts_at, created_by_organization_id)
     VALUES ($1, 'suivi-spip', $2, $3, $4, '2026-06-10', '09:30', 'Europe/Paris', '2026-06-10T07:30:00Z', $4) RETURNING id`,
    [personId, agendaId, placeId, organizationId],
  );
  const messageId = await one(
    `INSERT INTO message (convocation_id, kind, promise_version, due_at, first_due_at, useful_until)
     VALUES ($1, 'reminder', 1, '2026-06-09', '2026-06-09', '2026-06-10') RETURNING id`,
    [convocationId],
  );
  const attemptId = await one(
    `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
       segments, started_at, real_started_at)
     SELECT gen_random_uuid(), $1, 1, 'sms', 'twilio', 'MSJ', phone_id, sha256($2::bytea), 'x', 1, now(), now()
       FROM person WHERE id = $3 RETURNING id`,
    [messageId, code, personId],
  );
  await db.query(`INSERT INTO receipt (attempt_id, operator_message_id, status) VALUES ($1, $2, 'sent')`, [
    attemptId,
    `SM${code}`,
  ]);
  await db.query(`INSERT INTO history_entry (event, person_id) VALUES ('person.registered', $1)`, [personId]);
  await db.query(
    `INSERT INTO stop_link (token_hash, convocation_id, person_id, expires_at) VALUES (sha256($1::bytea), $2, $3, now())`,
    [code, convocationId, personId],
  );
  await db.query(
    `INSERT INTO agent_task (kind, reason, person_id, organization_id) VALUES ('call-back', 'asked', $1, $2)`,
    [personId, organizationId],
  );
  const replyId = await one(
    `INSERT INTO inbound_message (operator, operator_message_id, phone_id, body, intent)
     SELECT 'twilio', $1, phone_id, 'bonjour', 'free' FROM person WHERE id = $2 RETURNING id`,
    [`IN${code}`, personId],
  );
  await db.query(`INSERT INTO inbound_message_person VALUES ($1, $2)`, [replyId, personId]);
  const agentId = await anAgent(db, { organizationId, role: 'cpip' });
  await furnishStudies(db, organizationId, agentId);
  return { agentId, ...service, personId, convocationId, messageId, attemptId, replyId };
}

/** What names the agent who wrote it. */
async function furnishStudies(db: DataSource, organizationId: string, agentId: string): Promise<void> {
  for (const sql of [
    `INSERT INTO agent_alert (level, text, organization_id, starts_at, ends_at, written_by_agent_id)
     VALUES ('info', 'Réunion', $1, now(), now() + interval '1 day', $2)`,
    `INSERT INTO template (kind, organization_id, text, created_by_agent_id) VALUES ('reminder', $1, 'RDV', $2)`,
    `INSERT INTO rollout (organization_id, started_on, created_by_agent_id) VALUES ($1, '2026-01-01', $2)`,
    `INSERT INTO rollout_target (organization_id, relative_change, from_on, until_on, created_by_agent_id)
     VALUES ($1, -0.2, '2026-01-01', '2026-07-01', $2)`,
    `INSERT INTO rollout_plan (organization_id, name, design, created_by_agent_id) VALUES ($1, 'Vague', '{}', $2)`,
    `INSERT INTO baseline_import (organization_id, source, created_by_agent_id) VALUES ($1, 'Tableau', $2)`,
  ])
    await db.query(sql, [organizationId, agentId]);
}

export type Furnished = Awaited<ReturnType<typeof furnish>>;

/** Where the row of a service is found in each table. */
export const OWN_COLUMN: Readonly<Record<string, (of: Furnished) => [column: string, value: string]>> = {
  person: ({ personId }) => ['id', personId],
  person_organization: ({ personId }) => ['person_id', personId],
  convocation: ({ convocationId }) => ['id', convocationId],
  history_entry: ({ personId }) => ['person_id', personId],
  message: ({ messageId }) => ['id', messageId],
  delivery_attempt: ({ attemptId }) => ['id', attemptId],
  receipt: ({ attemptId }) => ['attempt_id', attemptId],
  stop_link: ({ personId }) => ['person_id', personId],
  agent_task: ({ personId }) => ['person_id', personId],
  inbound_message: ({ replyId }) => ['id', replyId],
  inbound_message_person: ({ personId }) => ['person_id', personId],
  agent: ({ agentId }) => ['id', agentId],
  ...Object.fromEntries(
    [
      'agent_alert',
      'api_key',
      'template',
      'rollout',
      'rollout_target',
      'rollout_plan',
      'baseline_import',
    ].map((table) => [
      table,
      ({ organizationId }: Furnished) => ['organization_id', organizationId] as [string, string],
    ]),
  ),
};
