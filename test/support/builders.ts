import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { OrganizationKind, Role } from '../../src/access/domain/roles.js';
import { CHARTER_VERSION } from '../../src/agents/domain/charter.js';
import { Journal } from '../../src/access/journal.js';
import { CreateApiKey } from '../../src/agents/keys/create-api-key.js';
import { openSession } from '../../src/agents/sessions.js';
import { digest } from '../../src/shared/tokens.js';
import { contactId } from './contacts.js';

/** Rows that are valid by default and new at each call; a test says only what matters to it. */

let count = 0;
const next = () => `${(count += 1)}-${randomUUID().slice(0, 8)}`;

async function insert(
  dataSource: DataSource,
  table: string,
  columns: Readonly<Record<string, unknown>>,
): Promise<string> {
  const names = Object.keys(columns);
  const rows: { id: string }[] = await dataSource.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')}) RETURNING id`,
    Object.values(columns),
  );
  return rows[0]?.id ?? '';
}

export interface AnOrganization {
  readonly kind?: OrganizationKind;
  readonly name?: string;
  readonly timeZone?: string;
  readonly calendar?: string;
}

/** A SPIP in metropolitan France. */
export function anOrganization(dataSource: DataSource, given: AnOrganization = {}): Promise<string> {
  return insert(dataSource, 'organization', {
    name: given.name ?? `Service ${next()}`,
    kind: given.kind ?? 'spip',
    time_zone: given.timeZone ?? 'Europe/Paris',
    calendar: given.calendar ?? 'metropole',
  });
}

export async function aLink(dataSource: DataSource, tjId: string, spipId: string): Promise<void> {
  await dataSource.query('INSERT INTO organization_link (tj_id, spip_id) VALUES ($1, $2)', [tjId, spipId]);
}

export interface APlace {
  readonly organizationId: string;
  readonly name?: string;
  readonly timeZone?: string;
}

export function aPlace(dataSource: DataSource, given: APlace): Promise<string> {
  return insert(dataSource, 'place', {
    organization_id: given.organizationId,
    name: given.name ?? `Lieu ${next()}`,
    address: '1 rue des Lilas, 92000 Nanterre',
    time_zone: given.timeZone ?? 'Europe/Paris',
    phone: '01 40 97 00 00',
  });
}

export function anAgenda(dataSource: DataSource, given: { placeId: string; name?: string }): Promise<string> {
  return insert(dataSource, 'agenda', { place_id: given.placeId, name: given.name ?? `Agenda ${next()}` });
}

export interface AnAgent {
  readonly organizationId: string;
  readonly role?: Role;
  readonly email?: string;
  readonly passwordHash?: string | null;
  /** Default: the charter of today has been accepted. */
  readonly acceptsCharter?: boolean;
}

export function anAgent(dataSource: DataSource, given: AnAgent): Promise<string> {
  return insert(dataSource, 'agent', {
    organization_id: given.organizationId,
    email: given.email ?? `agent-${next()}@example.test`,
    first_name: 'Camille',
    last_name: 'Martin',
    role: given.role ?? 'cpip',
    password_hash: given.passwordHash ?? null,
    ...(given.acceptsCharter === false
      ? {}
      : { charter_version: CHARTER_VERSION, charter_accepted_at: '2026-01-05T08:00:00Z' }),
  });
}

/** What a browser of a signed-in agent sends: the cookie, and the token of its forms. */
export interface SignedIn {
  readonly agentId: string;
  readonly cookie: string;
  readonly csrfToken: string;
}

/** An agent with a session, without going through the form. */
export async function aSignedInAgent(dataSource: DataSource, given: AnAgent): Promise<SignedIn> {
  const agentId = await anAgent(dataSource, given);
  const token = await openSession(dataSource.manager, agentId, { showedSecondFactor: true });
  const rows: { csrf_token: string }[] = await dataSource.query(
    'SELECT csrf_token FROM session WHERE token_hash = $1',
    [digest(token)],
  );
  return { agentId, cookie: `sid=${token}`, csrfToken: rows[0]?.csrf_token ?? '' };
}

/** A key for programs. */
export async function anApiKey(
  dataSource: DataSource,
  given: { organizationId: string; role?: Role },
): Promise<string> {
  const command = { organizationId: given.organizationId, role: given.role ?? 'local-admin' };
  return (await new CreateApiKey(new Journal()).execute(dataSource.manager, command)).key;
}

export interface APerson {
  /** Services that follow the person. */
  readonly organizationIds: readonly string[];
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phone?: string | null;
  readonly email?: string | null;
}

/** Reachable on a French mobile. */
export async function aPerson(dataSource: DataSource, given: APerson): Promise<string> {
  const lastName = given.lastName ?? `Personne ${next()}`;
  const firstName = given.firstName ?? 'Dominique';
  const phone = given.phone === undefined ? '+33612345678' : given.phone;
  const id = await insert(dataSource, 'person', {
    first_name: firstName,
    last_name: lastName,
    search_key: `${lastName} ${firstName}`.toLowerCase(),
    phone_id: await contactId(dataSource, phone),
    email_id: await contactId(dataSource, given.email),
    phone_mobile: phone !== null,
    phone_territory: phone === null ? null : 'FR',
  });
  for (const organizationId of given.organizationIds)
    await dataSource.query('INSERT INTO person_organization (person_id, organization_id) VALUES ($1, $2)', [
      id,
      organizationId,
    ]);
  return id;
}

/** One service that can summon: a place, an agenda, a signed-in agent, a key. */
export async function aService(dataSource: DataSource, given: AnOrganization & { role?: Role } = {}) {
  const organizationId = await anOrganization(dataSource, given);
  const placeId = await aPlace(dataSource, {
    organizationId,
    ...(given.timeZone ? { timeZone: given.timeZone } : {}),
  });
  const agendaId = await anAgenda(dataSource, { placeId });
  const key = await anApiKey(dataSource, { organizationId, role: given.role ?? 'local-admin' });
  return { organizationId, placeId, agendaId, key };
}
