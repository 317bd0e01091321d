import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may, reach } from '../../access/domain/rights.js';
import { ROLES_BY_KIND } from '../../access/domain/roles.js';
import { Journal } from '../../access/journal.js';
import { withinScope } from '../../access/within-scope.js';
import { Forbidden, NotFound } from '../../shared/domain-error.js';
import type { ServiceChoice } from '../agent.queries.js';

/** Another antenna of one's headquarters for a while; a central administrator anywhere. What is followed stays. */
@Injectable()
export class SwitchService {
  constructor(private readonly journal: Journal) {}

  /** The other sessions end. @throws Forbidden for other roles, NotFound for a service out of reach */
  async execute(
    tx: EntityManager,
    { organizationId }: { readonly organizationId: string },
    actor: Actor,
  ): Promise<void> {
    if (actor.agentId === null || actor.impersonatorId != null) throw new Forbidden('agent.switch-service');
    const choices = await servicesToSwitchTo(tx, actor);
    if (!choices.some(({ id }) => id === organizationId)) throw new NotFound('organization');
    await tx.query('UPDATE agent SET organization_id = $2 WHERE id = $1', [actor.agentId, organizationId]);
    await this.journal.record(tx, {
      action: 'agent.moved',
      objectId: actor.agentId,
      organizationId,
      detail: { from: actor.organizationId, to: organizationId, switched: true },
    });
  }
}

/** By name; none for who may not. */
export async function servicesToSwitchTo(tx: EntityManager, actor: Actor): Promise<ServiceChoice[]> {
  if (!may(actor, 'agent.switch-service')) return [];
  const { everywhere, organizationIds } = withinScope(reach(actor, 'agent.switch-service'));
  const kinds = (['spip', 'tj'] as const).filter((kind) => ROLES_BY_KIND[kind].includes(actor.role));
  return tx.query(
    `SELECT id, name, kind FROM organization
      WHERE ($1::boolean OR id = ANY($2::uuid[])) AND kind = ANY($3::text[]) AND id <> $4 ORDER BY name`,
    [everywhere, organizationIds, kinds, actor.organizationId],
  );
}
