import type { DataSource } from 'typeorm';
import { aPerson, anAgent, anOrganization } from './builders.js';

/** Agents in every state, with everything that can be asked about them. */
export interface AgentsWorld {
  readonly invited: string;
  /** With a second factor. */
  readonly active: string;
  readonly gone: string;
  /** Away today, replaced by `active`. */
  readonly away: string;
  /** Asked for by another service: waits for an answer here. */
  readonly transfer: string;
  readonly alert: string;
}

/** @param readerId whose account page shows an absence too, and who is shown the alert */
export async function anAgentsWorld(
  dataSource: DataSource,
  { organizationId, readerId }: { readonly organizationId: string; readonly readerId: string },
): Promise<AgentsWorld> {
  const agent = (email: string, acceptsCharter = true) =>
    anAgent(dataSource, { organizationId, email, acceptsCharter });
  const invited = await agent('jamais.venue@example.test', false);
  const [active, gone, away] = [
    await agent('presente@example.test'),
    await agent('partie@example.test'),
    await agent('absente@example.test'),
  ];
  const one = async (sql: string, parameters: readonly unknown[]) => {
    const rows: { id: string }[] = await dataSource.query(`${sql} RETURNING id`, [...parameters]);
    return rows[0]?.id ?? '';
  };
  await dataSource.query(`UPDATE agent SET disabled_at = app_now() WHERE id = $1`, [gone]);
  await dataSource.query(
    `UPDATE agent SET totp_secret = '\\x00', totp_confirmed_at = app_now() WHERE id = $1`,
    [active],
  );
  for (const agentId of [away, readerId])
    await dataSource.query(
      `INSERT INTO agent_absence (agent_id, replacement_id, starts_on, ends_on, starts_at, ends_at)
       SELECT $1, $2, app_now()::date, app_now()::date + 9, app_now() - interval '1 hour', app_now() + interval '10 days'`,
      [agentId, active],
    );
  const person = await aPerson(dataSource, { organizationIds: [organizationId], lastName: 'Suivie' });
  await dataSource.query('UPDATE person SET referent_id = $2 WHERE id = $1', [person, active]);
  const left = await aPerson(dataSource, { organizationIds: [organizationId], lastName: 'Sansréférent' });
  await dataSource.query('UPDATE person SET referent_left_at = app_now() WHERE id = $1', [left]);
  const other = await anOrganization(dataSource, { name: 'SPIP 78 Versailles' });
  const asker = await anAgent(dataSource, { organizationId: other, role: 'local-admin' });
  const transfer = await one(
    `INSERT INTO agent_transfer (agent_id, asked_email, from_organization_id, to_organization_id, side, asked_by_agent_id)
     VALUES ($1, 'presente@example.test', $2, $3, 'receiving', $4)`,
    [active, organizationId, other, asker],
  );
  await dataSource.query(
    `INSERT INTO agent_transfer (asked_email, to_organization_id, side, asked_by_agent_id)
     VALUES ('inconnu@example.test', $1, 'receiving', $2)`,
    [organizationId, readerId],
  );
  const alert = await one(
    `INSERT INTO agent_alert (level, text, organization_id, roles, starts_at, ends_at, written_by_agent_id)
     SELECT 'warning', 'Mercredi de 12 h à 14 h, le réseau du tribunal est coupé.', $1, ARRAY['admin'],
            app_now() - interval '1 hour', app_now() + interval '5 days', $2`,
    [organizationId, readerId],
  );
  return { invited, active, gone, away, transfer, alert };
}
