import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Action } from '../access/domain/rights-table.js';
import { reach } from '../access/domain/rights.js';
import type { OrganizationKind, Role } from '../access/domain/roles.js';
import { NotFound } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../shared/page.js';
import { searchWordsOf } from './domain/agent-input.js';
import type { AgentPresence } from './domain/agent-rules.js';

export interface AgentView {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly role: Role;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly organizationKind: OrganizationKind;
  readonly timeZone: string;
  readonly presence: AgentPresence;
  /** An authenticator was set up. */
  readonly hasSecondFactor: boolean;
  /** When the agent is away: last day, `YYYY-MM-DD`, and who stands in. */
  readonly absentUntil: string | null;
  readonly replacementName: string | null;
  readonly lastSignedInAt: Date | null;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
}

export interface AgentFilter {
  readonly query: string;
  readonly role: string;
  readonly organizationId: string;
  readonly presence: string;
  readonly cursor: string;
}

/** SQL condition: the agent `a` never came. */
export const NEVER_CAME =
  '(a.password_hash IS NULL AND a.charter_accepted_at IS NULL AND a.last_signed_in_at IS NULL)';

const PRESENCE = `CASE WHEN a.disabled_at IS NOT NULL THEN 'gone' WHEN ${NEVER_CAME} THEN 'invited'
  WHEN away.id IS NOT NULL THEN 'absent' ELSE 'active' END`;

const COLUMNS = `a.id, a.first_name AS "firstName", a.last_name AS "lastName", a.email, a.phone, a.role,
  a.organization_id AS "organizationId", o.name AS "organizationName", o.kind AS "organizationKind",
  o.time_zone AS "timeZone", ${PRESENCE} AS presence, a.totp_confirmed_at IS NOT NULL AS "hasSecondFactor", away.ends_on AS "absentUntil",
  stand_in.first_name || ' ' || stand_in.last_name AS "replacementName",
  a.last_signed_in_at AS "lastSignedInAt", a.disabled_at AS "disabledAt", a.created_at AS "createdAt"`;

const FROM = `agent a JOIN organization o ON o.id = a.organization_id
  LEFT JOIN LATERAL (SELECT x.id, x.ends_on, x.replacement_id FROM agent_absence x
    WHERE x.agent_id = a.id AND x.starts_at <= app_now() AND x.ends_at > app_now()
    ORDER BY x.ends_at DESC LIMIT 1) away ON true
  LEFT JOIN named_agent stand_in ON stand_in.id = away.replacement_id`;

/** First two parameters of a query on agents `a` that ends with `IN_REACH`. */
export function agentScope(actor: Actor, action: Action): [everywhere: boolean, services: readonly string[]] {
  const { everywhere, organizationIds } = reach(actor, action);
  return [everywhere, organizationIds];
}

export const IN_REACH = '($1::boolean OR a.organization_id = ANY($2::uuid[]))';

const PAGE = 25;
const CURSOR = [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/];

/** @throws NotFound when missing, or of a service that the actor does not look after */
export async function findAgent(
  tx: EntityManager,
  actor: Actor,
  agentId: string,
  action: Action = 'agent.read',
): Promise<AgentView> {
  if (!isUuid(agentId)) throw new NotFound('agent');
  const rows: AgentView[] = await tx.query(`SELECT ${COLUMNS} FROM ${FROM} WHERE a.id = $3 AND ${IN_REACH}`, [
    ...agentScope(actor, action),
    agentId,
  ]);
  const agent = rows[0];
  if (agent === undefined) throw new NotFound('agent');
  return agent;
}

/** By name, 25 at a time. @throws ValidationFailed for a cursor that is not ours */
export async function listAgents(
  tx: EntityManager,
  actor: Actor,
  filter: AgentFilter,
): Promise<Page<AgentView>> {
  const parameters: unknown[] = [...agentScope(actor, 'agent.read')];
  const conditions = conditionsOf(filter, (value) => `$${parameters.push(value)}`);
  const rows: AgentView[] = await tx.query(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE ${[IN_REACH, ...conditions].join(' AND ')}
     ORDER BY a.search_key, a.id LIMIT ${PAGE + 1}`,
    parameters,
  );
  return pageOf(rows, PAGE, (last) => encodeCursor([last.id]));
}

function conditionsOf(filter: AgentFilter, bind: (value: unknown) => string): string[] {
  const conditions = searchWordsOf(filter.query).map(
    (word) => `(a.search_key LIKE ${bind(`% ${word}%`)} OR a.email LIKE ${bind(`%${word}%`)})`,
  );
  if (filter.role !== '') conditions.push(`a.role = ${bind(filter.role)}`);
  if (isUuid(filter.organizationId)) conditions.push(`a.organization_id = ${bind(filter.organizationId)}`);
  if (filter.presence !== '') conditions.push(`${PRESENCE} = ${bind(filter.presence)}`);
  else conditions.push('a.disabled_at IS NULL');
  if (filter.cursor !== '') {
    const [id] = decodeCursor(filter.cursor, CURSOR);
    conditions.push(`(a.search_key, a.id) > (SELECT search_key, id FROM agent WHERE id = ${bind(id)})`);
  }
  return conditions;
}

/** Somebody of a service who can take something over. */
export interface Colleague {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Agents of the service who are at work, by name, but for one of them. */
export function colleaguesOf(tx: EntityManager, organizationId: string, but: string): Promise<Colleague[]> {
  return tx.query(
    `SELECT a.id, a.first_name || ' ' || a.last_name AS name, a.role FROM agent a
      WHERE a.organization_id = $1 AND a.id <> $2 AND a.disabled_at IS NULL ORDER BY a.search_key, a.id`,
    [organizationId, but],
  );
}

/** A service that an agent can be invited to or moved to. */
export interface ServiceChoice {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganizationKind;
}

/** Services whose agents the actor looks after, by name. */
export function managedServicesOf(tx: EntityManager, actor: Actor, action: Action): Promise<ServiceChoice[]> {
  return tx.query(
    `SELECT a.id, a.name, a.kind FROM (SELECT id, id AS organization_id, name, kind FROM organization) a
      WHERE ${IN_REACH} ORDER BY a.name`,
    agentScope(actor, action),
  );
}
