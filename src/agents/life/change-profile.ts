import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { Forbidden, NotFound } from '../../shared/domain-error.js';
import { agentFacts } from '../domain/agent-input.js';

export interface Profile {
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string;
  /** Shown to the persons this agent follows, each as the agent wishes. */
  readonly shareEmail: boolean;
  readonly sharePhone: boolean;
}

export interface OwnProfile extends Omit<Profile, 'phone'> {
  readonly phone: string | null;
  readonly email: string;
  readonly charterAcceptedAt: Date | null;
  /** Persons followed by name. */
  readonly followed: number;
}

/** What an agent may say of oneself. Never the role, the service or the address: no field for them is read. */
@Injectable()
export class ChangeProfile {
  constructor(private readonly journal: Journal) {}

  /** @throws ValidationFailed; Forbidden under somebody else's name */
  async execute(tx: EntityManager, profile: Profile, actor: Actor): Promise<void> {
    if (actor.agentId === null || actor.impersonatorId != null) throw new Forbidden('profile.manage');
    const { email } = await ownProfile(tx, actor.agentId);
    const { firstName, lastName, phone } = agentFacts({ ...profile, email });
    await tx.query(
      `UPDATE agent SET first_name = $2, last_name = $3, phone = $4, share_email = $5, share_phone = $6 WHERE id = $1`,
      [actor.agentId, firstName, lastName, phone, profile.shareEmail, profile.sharePhone && phone !== null],
    );
    await this.journal.record(tx, {
      action: 'agent.changed',
      objectId: actor.agentId,
      detail: { own: true, shareEmail: profile.shareEmail, sharePhone: profile.sharePhone },
    });
  }
}

/** @throws NotFound */
export async function ownProfile(tx: EntityManager, agentId: string): Promise<OwnProfile> {
  const rows: OwnProfile[] = await tx.query(
    `SELECT a.first_name AS "firstName", a.last_name AS "lastName", a.email, a.phone, a.share_email AS "shareEmail",
            a.share_phone AS "sharePhone", a.charter_accepted_at AS "charterAcceptedAt",
            (SELECT count(*)::int FROM person p WHERE p.referent_id = a.id) AS followed
       FROM agent a WHERE a.id = $1`,
    [agentId],
  );
  const profile = rows[0];
  if (profile === undefined) throw new NotFound('agent');
  return profile;
}
