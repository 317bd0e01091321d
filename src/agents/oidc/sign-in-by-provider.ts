import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../../access/journal.js';
import { Sealing } from '../../platform/sealing.js';
import { mayBind, type ProviderIdentity, showedSecondFactor } from '../domain/provider-identity.js';
import { closeSession, openSession } from '../sessions.js';
import { newDeviceToken, type Origin, type SignedIn } from '../sign-in.js';
import type { Vouched } from './openid-provider.js';

/** Sealed in `session.oidc_id_token`. */
export const ID_TOKEN_CONTEXT = 'session/oidc-id-token';

export interface SignInByProviderCommand extends Vouched {
  /** The agent proved there just now who they are; else a session there, of hours ago, opens this one. */
  readonly isProof: boolean;
}

interface Invited {
  readonly id: string;
  readonly siret: string | null;
  readonly emailDomains: readonly string[];
}

/**
 * Opens a session for an identity the provider vouches for. The first time it is bound to the agent invited at this
 * address; from then on only (identity provider, subject) counts, whatever becomes of the address. Nobody creates an
 * account this way.
 */
@Injectable()
export class SignInByProvider {
  constructor(
    private readonly sealing: Sealing,
    private readonly journal: Journal,
  ) {}

  /** @returns null: nobody known, nobody invited, disabled, or not from where the agent works */
  async execute(
    tx: EntityManager,
    { identity, idToken, isProof }: SignInByProviderCommand,
    origin: Origin,
  ): Promise<SignedIn | null> {
    const agentId = (await boundAgent(tx, identity)) ?? (await this.bind(tx, identity));
    const detail = { by: 'provider', secondFactor: showedSecondFactor(identity) };
    const action = agentId === null ? 'sign-in.failed' : 'sign-in.succeeded';
    await this.journal.record(tx, { action, agentId, objectId: agentId, detail });
    if (agentId === null) return null;
    if (origin.previousToken !== undefined) await closeSession(tx, origin.previousToken);
    const token = await openSession(tx, agentId, {
      showedSecondFactor: showedSecondFactor(identity),
      isProof,
      browser: origin.browser,
      oidcIdToken: this.sealing.seal(idToken, ID_TOKEN_CONTEXT),
    });
    return { token, deviceToken: origin.deviceToken ?? newDeviceToken() };
  }

  private async bind(tx: EntityManager, identity: ProviderIdentity): Promise<string | null> {
    const invited = await invitedAgent(tx, identity.email);
    if (invited === undefined || !mayBind(identity, invited)) return null;
    const { id } = invited;
    const [, bound]: [unknown, number] = await tx.query(
      `UPDATE agent SET oidc_idp_id = $2, oidc_sub = $3 WHERE id = $1 AND oidc_sub IS NULL
         AND NOT EXISTS (SELECT FROM agent o WHERE o.oidc_idp_id = $2 AND o.oidc_sub = $3)`,
      [id, identity.idpId, identity.sub],
    );
    if (bound === 0) return null;
    await tx.query('DELETE FROM sign_in_link WHERE agent_id = $1', [id]);
    const detail = { by: 'provider' };
    await this.journal.record(tx, { action: 'agent.joined', agentId: id, objectId: id, detail });
    return id;
  }
}

async function boundAgent(tx: EntityManager, { idpId, sub }: ProviderIdentity): Promise<string | null> {
  const rows: { id: string }[] = await tx.query(
    'SELECT id FROM agent WHERE oidc_idp_id = $1 AND oidc_sub = $2 AND disabled_at IS NULL',
    [idpId, sub],
  );
  return rows[0]?.id ?? null;
}

/** Who has an invitation that still holds, and no identity yet. */
async function invitedAgent(tx: EntityManager, email: string | null): Promise<Invited | undefined> {
  const rows: Invited[] = await tx.query(
    `SELECT a.id, o.siret, o.email_domains AS "emailDomains"
     FROM agent a JOIN organization o ON o.id = a.organization_id
     WHERE a.email = $1 AND a.disabled_at IS NULL AND a.oidc_sub IS NULL AND EXISTS (
       SELECT FROM sign_in_link l WHERE l.agent_id = a.id AND l.purpose = 'invitation' AND l.used_at IS NULL
         AND l.expires_at > app_now())
     FOR UPDATE OF a`,
    [email],
  );
  return rows[0];
}
