import type { EntityManager } from 'typeorm';
import type { Actor } from './actor.js';

/** An agent's session, as a page needs it. */
export interface PageSession {
  readonly actor: Actor;
  /** Expected back in the hidden field `_csrf` of every form. */
  readonly csrfToken: string;
  readonly agentName: string;
  readonly organizationName: string;
}

/** Port: who is calling. Implemented by `agents`, bound in `app.module.ts`. */
export abstract class Identification {
  /** @returns undefined when the session is unknown, idle for 30 minutes or older than 12 hours */
  abstract ofSession(tx: EntityManager, token: string): Promise<PageSession | undefined>;
  /** @returns undefined when the key is unknown or revoked */
  abstract ofApiKey(tx: EntityManager, key: string): Promise<Actor | undefined>;
}
