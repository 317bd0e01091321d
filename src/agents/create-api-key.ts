import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type OrganizationKind, type Role, ROLES_BY_KIND } from '../access/domain/roles.js';
import { NotFound, ValidationFailed } from '../shared/domain-error.js';
import { digest } from '../shared/tokens.js';

const KEY_BYTES = 32;

export interface CreateApiKeyCommand {
  readonly organizationId: string;
  readonly role: Role;
}

/** Makes a key for a program, shown once: `msj_` and 256 random bits; only its digest is kept. */
@Injectable()
export class CreateApiKey {
  /** @throws NotFound, or ValidationFailed when no agent of this kind of service may hold the role */
  async execute(
    tx: EntityManager,
    { organizationId, role }: CreateApiKeyCommand,
  ): Promise<{ id: string; key: string }> {
    const organizations: { kind: OrganizationKind }[] = await tx.query(
      'SELECT kind FROM organization WHERE id = $1',
      [organizationId],
    );
    const kind = organizations[0]?.kind;
    if (kind === undefined) throw new NotFound('organization');
    if (!ROLES_BY_KIND[kind].includes(role))
      throw new ValidationFailed([{ field: 'role', code: 'role', message: `not a role of a ${kind}` }]);
    const key = `msj_${randomBytes(KEY_BYTES).toString('base64url')}`;
    const rows: { id: string }[] = await tx.query(
      'INSERT INTO api_key (organization_id, role, key_hash) VALUES ($1, $2, $3) RETURNING id',
      [organizationId, role, digest(key)],
    );
    const id = rows[0]?.id;
    if (id === undefined) throw new Error('no key was made');
    return { id, key };
  }
}
