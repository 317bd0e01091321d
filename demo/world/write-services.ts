import type { EntityManager } from 'typeorm';
import { CHARTER_VERSION } from '../../src/agents/domain/charter.js';
import { digest } from '../../src/shared/tokens.js';
import { type DemoAgent, AGENTS, emailOf } from './agents.js';
import { idOf } from './chance.js';
import { insertRows } from './rows.js';
import { LINKS, OPENINGS, serviceOf, SERVICES } from './services.js';
import { agendaId, agentId, openingId, organizationId, placeId } from './ids.js';

/** Known to everybody who reads this file: a database of the demo holds nothing but fiction. */
export const DEMO_PASSWORD = 'demonstration-2026';

/** API key of a service (acts as local administrator), or of the central administrator. */
export function demoApiKey(service: string | null): string {
  return `demo-key-${service ?? 'admin'}-${idOf(`api key ${service ?? 'admin'}`).replaceAll('-', '')}`;
}

/** Organizations, links, places, agendas, weekly openings. */
export async function writeServices(
  tx: EntityManager,
  rolledOutOn: ReadonlyMap<string, string>,
): Promise<void> {
  await insertRows(
    tx,
    ORGANIZATION,
    SERVICES.map((s) => ({
      ...s,
      id: organizationId(s),
      time_zone: s.timeZone,
      rolled_out_on: rolledOutOn.get(s.key),
      email: `contact@${s.key}.example`,
    })),
  );
  await insertRows(
    tx,
    LINK,
    LINKS.map(([tj, spip]) => ({
      tj_id: organizationId(serviceOf(tj)),
      spip_id: organizationId(serviceOf(spip)),
    })),
  );
  await insertRows(
    tx,
    PLACE,
    SERVICES.map((s) => ({
      id: placeId(s),
      organization_id: organizationId(s),
      name: s.placeName,
      address: s.address,
      time_zone: s.timeZone,
      phone: s.phone,
    })),
  );
  await insertRows(
    tx,
    AGENDA,
    SERVICES.flatMap((s) => s.agendas.map((name) => ({ id: agendaId(s, name), place_id: placeId(s), name }))),
  );
  await insertRows(
    tx,
    OPENING,
    OPENINGS.map((o) => ({ ...o, id: openingId(o), agenda_id: agendaId(serviceOf(o.service), o.agenda) })),
  );
}

/** Every agent has the same password, hashed once: forty hashes would take longer than all the rest. */
export async function writeAgents(tx: EntityManager, passwordHash: string): Promise<void> {
  const row = (agent: DemoAgent) => ({
    id: agentId(agent),
    organization_id: organizationId(serviceOf(agent.service)),
    email: emailOf(agent),
    first_name: agent.firstName,
    last_name: agent.lastName,
    role: agent.role,
    password_hash: passwordHash,
    charter_version: CHARTER_VERSION,
  });
  await insertRows(tx, AGENT, AGENTS.map(row));
}

/** One key per service as local administrator, and one of the central administrator. */
export async function writeApiKeys(tx: EntityManager): Promise<void> {
  const central = serviceOf('spip-92');
  const rows = [
    {
      organization_id: organizationId(central),
      role: 'admin',
      name: 'Démonstration, administration centrale',
      key_hash: digest(demoApiKey(null)).toString('hex'),
    },
    {
      organization_id: organizationId(central),
      role: 'cpip',
      name: 'Logiciel de pointage, lecture des convocations',
      scopes: ['convocations:read', 'services:read'],
      days: 200,
      used: 3,
      key_hash: digest(idOf('api key of another program')).toString('hex'),
    },
    ...SERVICES.map((s) => ({
      organization_id: organizationId(s),
      role: 'local-admin',
      name: `Démonstration, ${s.name}`,
      key_hash: digest(demoApiKey(s.key)).toString('hex'),
    })),
  ];
  await insertRows(tx, API_KEY, rows);
}

const ORGANIZATION = {
  into: 'organization (id, name, kind, time_zone, calendar, email, rolled_out_on)',
  columns: 'id uuid, name text, kind text, time_zone text, calendar text, email text, rolled_out_on date',
  select: 'SELECT * FROM r',
};
const LINK = {
  into: 'organization_link (tj_id, spip_id)',
  columns: 'tj_id uuid, spip_id uuid',
  select: 'SELECT * FROM r',
};
const PLACE = {
  into: 'place (id, organization_id, name, address, time_zone, phone)',
  columns: 'id uuid, organization_id uuid, name text, address text, time_zone text, phone text',
  select: 'SELECT * FROM r',
};
const AGENDA = {
  into: 'agenda (id, place_id, name)',
  columns: 'id uuid, place_id uuid, name text',
  select: 'SELECT * FROM r',
};
const OPENING = {
  into: 'weekly_slot (id, agenda_id, type_code, weekday, local_time, duration_minutes, capacity)',
  columns:
    'id uuid, agenda_id uuid, "typeCode" text, weekday smallint, time time, minutes integer, capacity integer',
  select: 'SELECT * FROM r',
};
const AGENT = {
  into: `agent (id, organization_id, email, first_name, last_name, role, password_hash, charter_version,
    charter_accepted_at)`,
  columns: `id uuid, organization_id uuid, email text, first_name text, last_name text, role text, password_hash text,
    charter_version integer`,
  select: 'SELECT *, app_now() FROM r',
};
const API_KEY = {
  into: 'api_key (organization_id, role, key_hash, name, scopes, expires_at, last_used_at)',
  columns:
    'organization_id uuid, role text, key_hash text, name text, scopes text[], days integer, used integer',
  select: `SELECT organization_id, role, decode(key_hash, 'hex'), name, scopes, app_now() + make_interval(days => days),
    app_now() - make_interval(hours => used) FROM r`,
};
