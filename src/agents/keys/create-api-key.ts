import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reaches } from '../../access/domain/rights.js';
import type { OrganizationKind, Role } from '../../access/domain/roles.js';
import { Journal } from '../../access/journal.js';
import { Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { digest } from '../../shared/tokens.js';
import { mayTouch } from '../domain/agent-rules.js';
import { keyFaults, type KeyWishes, newKey } from '../domain/api-key.js';

export interface CreateApiKeyCommand {
  readonly organizationId: string;
  readonly role: Role;
  /** Default: « Clé sans nom ». */
  readonly name?: string;
  /** Default: every scope. */
  readonly scopes?: readonly string[] | null;
  /** Days from now; default: no end. */
  readonly validDays?: number | null;
}

export interface CreatedApiKey {
  readonly id: string;
  /** Shown once; only its digest is kept. */
  readonly key: string;
}

/** Makes a key for a program. */
@Injectable()
export class CreateApiKey {
  constructor(private readonly journal: Journal) {}

  /**
   * @param actor null: an operator of the service, by command
   * @throws NotFound, Forbidden (a role the actor may not give), ValidationFailed
   */
  async execute(
    tx: EntityManager,
    command: CreateApiKeyCommand,
    actor: Actor | null = null,
  ): Promise<CreatedApiKey> {
    const { organizationId, role, name = 'Clé sans nom', scopes = null, validDays = null } = command;
    const kind = await kindOf(tx, organizationId, actor);
    if (actor !== null && !mayTouch(actor.role, role)) throw new Forbidden('api-key.manage');
    const wishes = { name, role, scopes, validDays };
    const faults = keyFaults(wishes, kind);
    if (faults.length > 0) throw new ValidationFailed(faults);
    const made = await insertKey(tx, organizationId, wishes, actor?.agentId ?? null);
    await this.journal.record(tx, {
      action: 'api-key.created',
      objectId: made.id,
      organizationId,
      detail: { publicId: made.publicId, role, scopes: scopes ?? 'all' },
    });
    return made;
  }
}

/** @throws NotFound for a service the actor may make no key for */
async function kindOf(
  tx: EntityManager,
  organizationId: string,
  actor: Actor | null,
): Promise<OrganizationKind> {
  const isReached = actor === null || reaches(actor, 'api-key.manage', organizationId);
  if (!isUuid(organizationId) || !isReached) throw new NotFound('organization');
  const rows: { kind: OrganizationKind }[] = await tx.query('SELECT kind FROM organization WHERE id = $1', [
    organizationId,
  ]);
  const kind = rows[0]?.kind;
  if (kind === undefined) throw new NotFound('organization');
  return kind;
}

export async function insertKey(
  tx: EntityManager,
  organizationId: string,
  { name, role, scopes, validDays }: KeyWishes,
  agentId: string | null,
): Promise<CreatedApiKey & { readonly publicId: string }> {
  const { key, publicId } = newKey();
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO api_key (organization_id, role, key_hash, public_id, name, scopes, expires_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6::text[], app_now() + make_interval(days => $7::int), $8) RETURNING id`,
    [organizationId, role, digest(key), publicId, name, scopes, validDays, agentId],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('no key was made');
  return { id, key, publicId };
}
