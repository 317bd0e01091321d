import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ORGANIZATION_KINDS, type OrganizationKind } from '../../access/domain/roles.js';
import { Journal } from '../../access/journal.js';
import { violatedConstraint } from '../../platform/transaction.js';
import { type FieldError, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import {
  linkFaults,
  organizationFaults,
  type OrganizationWishes,
  zoneChangeFaults,
} from '../domain/console-faults.js';
import { countFuture } from './future-convocations.query.js';
import { findOrganization, type OrganizationRow } from './organization-console.queries.js';

export interface SaveOrganizationCommand extends OrganizationWishes {
  /** Null: a new one. */
  readonly id: string | null;
  /** Of a new one; never changes. */
  readonly kind: string;
  readonly isInterRessort: boolean;
  /** Null: of no headquarters. */
  readonly headquartersId: string | null;
  /** Makes one of this name and attaches the service to it; empty: none. */
  readonly newHeadquarters: string;
  /** Courts of a SPIP, SPIPs of a court. */
  readonly linkIds: readonly string[];
}

/** Makes a service, or corrects it: zone, calendar, links, headquarters. */
@Injectable()
export class SaveOrganization {
  constructor(private readonly journal: Journal) {}

  /** @returns its id @throws NotFound, ValidationFailed */
  async execute(tx: EntityManager, command: SaveOrganizationCommand): Promise<string> {
    const before = command.id === null ? null : await findOrganization(tx, command.id);
    const kind = before?.kind ?? knownKind(command.kind);
    const faults = await this.faults(tx, command, before, kind);
    if (faults.length > 0) throw new ValidationFailed(faults);
    const headquartersId = await attachedTo(tx, command);
    const id = await write(tx, command, { id: before?.id ?? null, kind, headquartersId });
    await writeLinks(tx, id, kind, command.linkIds);
    await this.journal.record(tx, {
      ...{ action: 'organization.changed', objectId: id, organizationId: id },
      detail:
        before === null ? { change: 'created', kind } : { fields: changed(before, command, headquartersId) },
    });
    return id;
  }

  private async faults(
    tx: EntityManager,
    command: SaveOrganizationCommand,
    before: OrganizationRow | null,
    kind: OrganizationKind,
  ): Promise<FieldError[]> {
    const isMoved = before !== null && before.timeZone !== command.timeZone;
    const future = isMoved ? await countFuture(tx, { organizationId: before.id }) : 0;
    return [
      ...organizationFaults(command),
      ...zoneChangeFaults(isMoved, future),
      ...linkFaults(kind, await kindsOf(tx, command.linkIds)),
    ];
  }
}

/** @throws ValidationFailed */
function knownKind(kind: string): OrganizationKind {
  const known = ORGANIZATION_KINDS.find((one) => one === kind);
  if (known === undefined)
    throw new ValidationFailed([{ field: 'kind', code: 'isIn', message: 'spip or tj' }]);
  return known;
}

/** @throws ValidationFailed for a service nobody knows */
async function kindsOf(tx: EntityManager, ids: readonly string[]): Promise<readonly OrganizationKind[]> {
  const rows: { kind: OrganizationKind }[] = await tx.query(
    'SELECT kind FROM organization WHERE id = ANY ($1::uuid[])',
    [ids.filter(isUuid)],
  );
  if (rows.length !== new Set(ids).size)
    throw new ValidationFailed([{ field: 'links', code: 'unknown', message: 'unknown service' }]);
  return rows.map(({ kind }) => kind);
}

/** @throws ValidationFailed for a headquarters nobody knows, or a name that is taken */
async function attachedTo(
  tx: EntityManager,
  { headquartersId, newHeadquarters }: SaveOrganizationCommand,
): Promise<string | null> {
  if (newHeadquarters !== '') {
    const made: { id: string }[] = await tx.query(
      'INSERT INTO headquarters (name) SELECT $1 WHERE length($1) <= 120 ON CONFLICT DO NOTHING RETURNING id',
      [newHeadquarters],
    );
    if (made[0] === undefined)
      throw new ValidationFailed([{ field: 'newHeadquarters', code: 'taken', message: 'another name' }]);
    return made[0].id;
  }
  if (headquartersId === null) return null;
  const known: unknown[] = isUuid(headquartersId)
    ? await tx.query('SELECT FROM headquarters WHERE id = $1', [headquartersId])
    : [];
  if (known.length === 0)
    throw new ValidationFailed([{ field: 'headquarters', code: 'unknown', message: 'unknown headquarters' }]);
  return headquartersId;
}

interface Resolved {
  readonly id: string | null;
  readonly kind: OrganizationKind;
  readonly headquartersId: string | null;
}

/** @throws ValidationFailed when the name is taken */
async function write(
  tx: EntityManager,
  command: SaveOrganizationCommand,
  { id, kind, headquartersId }: Resolved,
): Promise<string> {
  const { name, timeZone, calendar, email, isInterRessort, siret, emailDomains } = command;
  try {
    const values = [name, timeZone, calendar, email, isInterRessort, headquartersId, siret, emailDomains];
    if (id === null) {
      const rows: { id: string }[] = await tx.query(
        `INSERT INTO organization (name, time_zone, calendar, email, is_inter_ressort, headquarters_id, siret,
           email_domains, kind) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
        [...values, kind],
      );
      return rows[0]?.id ?? '';
    }
    await tx.query(
      `UPDATE organization SET name = $1, time_zone = $2, calendar = $3, email = $4, is_inter_ressort = $5,
              headquarters_id = $6, siret = $7, email_domains = $8 WHERE id = $9`,
      [...values, id],
    );
    return id;
  } catch (error) {
    if (violatedConstraint(error) !== 'organization_name_key') throw error;
    throw new ValidationFailed([{ field: 'name', code: 'taken', message: 'another service has this name' }]);
  }
}

async function writeLinks(
  tx: EntityManager,
  id: string,
  kind: OrganizationKind,
  linkIds: readonly string[],
): Promise<void> {
  const [own, other] = kind === 'tj' ? ['tj_id', 'spip_id'] : ['spip_id', 'tj_id'];
  await tx.query(`DELETE FROM organization_link WHERE ${own} = $1 AND NOT (${other} = ANY ($2::uuid[]))`, [
    id,
    linkIds,
  ]);
  await tx.query(
    `INSERT INTO organization_link (${own}, ${other}) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING`,
    [id, linkIds],
  );
}

/** Names of the fields that changed. */
function changed(
  before: OrganizationRow,
  after: SaveOrganizationCommand,
  headquartersId: string | null,
): readonly string[] {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const pairs: Readonly<Record<string, readonly [unknown, unknown]>> = {
    name: [before.name, after.name],
    timeZone: [before.timeZone, after.timeZone],
    calendar: [before.calendar, after.calendar],
    email: [before.email, after.email],
    isInterRessort: [before.isInterRessort, after.isInterRessort],
    siret: [before.siret, after.siret],
    emailDomains: [before.emailDomains, after.emailDomains],
    headquarters: [before.headquartersId, headquartersId],
    links: [[...before.linkIds].sort(), [...after.linkIds].sort()],
  };
  return Object.keys(pairs).filter((field) => !same(pairs[field]?.[0], pairs[field]?.[1]));
}
