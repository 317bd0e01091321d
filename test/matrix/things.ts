import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { JournalKeys } from '../../src/access/journal/journal-keys.js';
import type { OrganizationKind } from '../../src/access/domain/roles.js';
import { anAgent, anApiKey, anOrganization } from '../support/builders.js';
import { TEST_SECRET_KEY } from '../support/database.js';
import { aStoredTrial } from '../support/trials.js';

/** As many as there may be callers: each uses up its own. */
const MOST_CALLERS = 60;

/** What a service has besides agendas and persons, each by its id. */
export interface Things {
  /** Of the service, follows somebody; another service asked for this agent. */
  readonly mover: string;
  /** Of the mover, each for one caller. */
  readonly absences: readonly string[];
  /** Asked by another service: this one answers. */
  readonly transferToAnswer: string;
  /** Asked by this service: it waits. */
  readonly transferAsked: string;
  /** Not shown yet; each for one caller. */
  readonly alerts: readonly string[];
  readonly key: string;
  readonly webhook: string;
  readonly delivery: string;
  /** Registered, not started. */
  readonly trial: string;
  /** Rows of the register, each for one caller. */
  readonly rollouts: readonly string[];
  readonly rolloutPlan: string;
  readonly baseline: string;
  /** A draft of the service, not reviewed. */
  readonly template: string;
  readonly certificate: string;
}

export interface Owner {
  readonly kind: OrganizationKind;
  readonly organizationId: string;
  /** Who wrote all of it. */
  readonly agent: string;
  readonly person: string;
  readonly archived: string;
  /** Stands in names and texts: must reach nobody of another service. */
  readonly mark: string;
}

/** A service of nobody, on the other side of every transfer. */
export async function remoteServices(
  dataSource: DataSource,
): Promise<Readonly<Record<OrganizationKind, string>>> {
  return {
    spip: await anOrganization(dataSource, { kind: 'spip', name: 'SPIP lointain' }),
    tj: await anOrganization(dataSource, { kind: 'tj', name: 'Tribunal lointain' }),
  };
}

/** Of the journal of an application under test: certificates are signed with it. */
const KEY_ID = new JournalKeys({ SECRET_KEYS: [TEST_SECRET_KEY] }).newest;

/** @param remote a service of the same kind, on the other side of transfers */
export async function furnish(dataSource: DataSource, owner: Owner, remote: string): Promise<Things> {
  const { organizationId, agent, mark } = owner;
  const colleague = await anAgent(dataSource, { organizationId, role: roleOf(owner) });
  const key = await aKey(dataSource, owner);
  return {
    ...(await moves(dataSource, owner, { colleague, remote })),
    ...(await programs(dataSource, owner)),
    ...(await studies(dataSource, owner)),
    key,
    alerts: await many(
      dataSource,
      `INSERT INTO agent_alert (level, text, organization_id, starts_at, ends_at, written_by_agent_id)
       SELECT 'info', $2, $1, app_now() + interval '1 day', app_now() + interval '9 days', $3`,
      [organizationId, `Annonce ${mark}`, agent],
    ),
    template: await one(
      dataSource,
      `INSERT INTO template (kind, organization_id, language, text, created_by_agent_id, reviewed_at)
       VALUES ('reminder', $1, 'en', $2, $3, NULL)`,
      [organizationId, `Appointment ${mark} {rdv.quand}`, agent],
    ),
    certificate: await one(
      dataSource,
      `INSERT INTO certificate (code, person_id, organization_id, agent_id, issued_at, message_ids, content_digest, key_id)
       VALUES (upper(left(md5($1::text), 16)), $1::uuid, $2, $3, app_now(), '{}', '', $4)`,
      [owner.person, organizationId, agent, KEY_ID],
    ),
  };
}

const roleOf = ({ kind }: Owner) => (kind === 'spip' ? 'cpip' : 'sap-clerk');

/** The agent who leaves, absences, and the two halves of a transfer. */
async function moves(
  dataSource: DataSource,
  owner: Owner,
  { colleague, remote }: { readonly colleague: string; readonly remote: string },
): Promise<Pick<Things, 'mover' | 'absences' | 'transferToAnswer' | 'transferAsked'>> {
  const { organizationId, agent, archived, mark } = owner;
  const email = `mutation.${mark}@example.test`;
  const mover = await anAgent(dataSource, { organizationId, role: roleOf(owner), email });
  await dataSource.query('UPDATE agent SET last_name = $2 WHERE id = $1', [mover, `Mutation ${mark}`]);
  // What is followed asks for an heir: without one the transfer is refused, and waits for the next caller.
  await dataSource.query('UPDATE person SET referent_id = $2 WHERE id = $1', [archived, mover]);
  const transfer = `INSERT INTO agent_transfer (agent_id, asked_email, from_organization_id, to_organization_id, side,
    asked_by_agent_id) VALUES ($1, $2, $3, $4, $5, $6)`;
  const asker = await anAgent(dataSource, { organizationId: remote, role: 'local-admin' });
  const askedFor = await anAgent(dataSource, { organizationId, role: roleOf(owner) });
  return {
    mover,
    absences: await absencesOf(dataSource, mover, colleague, 2 * MOST_CALLERS),
    transferToAnswer: await one(dataSource, transfer, [
      ...[mover, email, organizationId, remote, 'receiving', asker],
    ]),
    transferAsked: await one(dataSource, transfer, [
      ...[askedFor, `demande.${mark}@example.test`, organizationId, remote, 'leaving', agent],
    ]),
  };
}

/** To come, so that nobody is away meanwhile. */
export function absencesOf(
  dataSource: DataSource,
  agentId: string,
  replacementId: string,
  count: number,
): Promise<readonly string[]> {
  return many(
    dataSource,
    `INSERT INTO agent_absence (agent_id, replacement_id, starts_on, ends_on, starts_at, ends_at)
     SELECT $1, $2, app_now()::date + 9, app_now()::date + 19, app_now() + interval '9 days', app_now() + interval '20 days'`,
    [agentId, replacementId],
    count,
  );
}

async function aKey(dataSource: DataSource, { organizationId, agent, mark, kind }: Owner): Promise<string> {
  await anApiKey(dataSource, { organizationId, role: kind === 'spip' ? 'cpip' : 'sap-clerk' });
  return one(dataSource, 'UPDATE api_key SET name = $2, created_by = $3 WHERE organization_id = $1', [
    organizationId,
    `Logiciel ${mark}`,
    agent,
  ]);
}

/** An endpoint with a delivery that was given up. */
async function programs(
  dataSource: DataSource,
  { organizationId, agent, mark }: Owner,
): Promise<Pick<Things, 'webhook' | 'delivery'>> {
  const webhook = await one(
    dataSource,
    `INSERT INTO webhook_endpoint (organization_id, url, events, secret_sealed, created_by)
     VALUES ($1, $2, '{delivery-failed}', '', $3)`,
    [organizationId, `https://${mark}.example/`, agent],
  );
  const delivery = await one(
    dataSource,
    `INSERT INTO webhook_delivery (endpoint_id, event_id, event, organization_id, state, status)
     VALUES ($1, gen_random_uuid(), 'booked', $2, 'booked', 'dead')`,
    [webhook, organizationId],
  );
  return { webhook, delivery };
}

/** Trial, register, plan and counts of before. */
async function studies(
  dataSource: DataSource,
  { organizationId, agent, mark }: Owner,
): Promise<Pick<Things, 'trial' | 'rollouts' | 'rolloutPlan' | 'baseline'>> {
  const design = {
    ...{
      // The second one is gone since.
      organizationIds: [organizationId, randomUUID()],
      seed: 'graine',
      steps: 2,
      firstMonth: '2030-01',
      monthsPerStep: 2,
    },
    ...{ outcomesPerMonth: 60, rate: 0.28, effect: -0.05, icc: 0.02 },
  };
  return {
    trial: await aStoredTrial(dataSource, {
      ...{ organizationId, state: 'registered', name: `Essai ${mark}`, endsOn: '2029-12-31' },
    }),
    rollouts: await many(
      dataSource,
      `INSERT INTO rollout (organization_id, started_on, stopped_on, note, created_by_agent_id)
       SELECT $1, '2026-01-05', '2026-02-05', $2, $3`,
      [organizationId, `Démarrage ${mark}`, agent],
    ),
    rolloutPlan: await one(
      dataSource,
      'INSERT INTO rollout_plan (organization_id, name, design, created_by_agent_id) VALUES ($1, $2, $3, $4)',
      [organizationId, `Vague ${mark}`, design, agent],
    ),
    baseline: await one(
      dataSource,
      'INSERT INTO baseline_import (organization_id, source, created_by_agent_id) VALUES ($1, $2, $3)',
      [organizationId, `Tableau ${mark}`, agent],
    ),
  };
}

async function one(dataSource: DataSource, sql: string, parameters: readonly unknown[]): Promise<string> {
  const ids = await idsOf(dataSource, `${sql} RETURNING id`, parameters);
  return ids[0] ?? '';
}

/** @param sql an INSERT … SELECT of one row */
function many(
  dataSource: DataSource,
  sql: string,
  parameters: readonly unknown[],
  count = MOST_CALLERS,
): Promise<readonly string[]> {
  return idsOf(dataSource, `${sql} FROM generate_series(1, ${count}) RETURNING id`, parameters);
}

async function idsOf(
  dataSource: DataSource,
  sql: string,
  parameters: readonly unknown[],
): Promise<readonly string[]> {
  const found: { id: string }[] | [{ id: string }[], number] = await dataSource.query(sql, [...parameters]);
  const rows = Array.isArray(found[0]) ? found[0] : (found as { id: string }[]);
  return rows.map(({ id }) => id);
}
