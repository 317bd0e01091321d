import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Page, PageRequest } from '../shared/page.js';

export interface PersonView {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: string | null;
  readonly phone: { readonly e164: string; readonly mobile: boolean } | null;
  readonly phoneTerritory: string | null;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  readonly smsRefusedAt: Date | null;
  readonly smsRefusedOrigin: 'agent' | 'person' | 'operator' | null;
  /** A text message can be sent: a mobile, and no refusal. */
  readonly reachable: boolean;
  readonly email: string | null;
  readonly appiNumber: string | null;
  readonly language: string;
  readonly register: 'standard' | 'discreet';
  readonly referentId: string | null;
  readonly referentName: string | null;
  /** Services that follow the person. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  /** What `If-Match` compares. */
  readonly updatedAt: Date;
}

/** @throws NotFound when missing or not followed by the actor's service */
export function findPerson(tx: EntityManager, actor: Actor, personId: string): Promise<PersonView> {
  throw new Error('skeleton');
}

/** By words of the name in any order and without accents, APPI number, birth date (ISO or French), or phone digits. */
export function searchPersons(
  tx: EntityManager,
  actor: Actor,
  request: { readonly query: string } & PageRequest,
): Promise<Page<PersonView>> {
  throw new Error('skeleton');
}
