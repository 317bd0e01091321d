import type { EntityManager } from 'typeorm';
import type { Actor } from './actor.js';
import type { ApiScope } from './domain/api-scopes.js';
import type { SessionStep } from './domain/session-steps.js';

/** A few sentences that administrators show on top of each page until the agent closes them. */
export interface SessionAlert {
  readonly id: string;
  readonly level: 'info' | 'success' | 'warning';
  readonly text: string;
}

/** A central administrator sees the service as this agent does. */
export interface SessionImpersonation {
  /** Who really sits there. */
  readonly byName: string;
  /** Afterwards the session is theirs again. */
  readonly minutesLeft: number;
}

/** An agent's session, as a page needs it. */
export interface PageSession {
  readonly actor: Actor;
  /** Expected back in the hidden field `_csrf` of every form. */
  readonly csrfToken: string;
  readonly agentName: string;
  readonly organizationName: string;
  /** What must be done before anything else; the guard sends there. */
  readonly pendingStep: SessionStep | null;
  /** A password or a code was given in the last 15 minutes. */
  readonly isFresh: boolean;
  readonly alerts: readonly SessionAlert[];
  /** Null: the agent acts in person. */
  readonly impersonation: SessionImpersonation | null;
}

/** A program, by its key. */
export interface ProgramCaller {
  readonly actor: Actor;
  /** What the key may be used for; null: everything its role allows. */
  readonly scopes: readonly ApiScope[] | null;
}

/** Port: who is calling. Implemented by `agents`, bound in `app.module.ts`. */
export abstract class Identification {
  /** @returns undefined when the session is unknown, idle for 30 minutes or older than 12 hours */
  abstract ofSession(tx: EntityManager, token: string): Promise<PageSession | undefined>;
  /** @returns undefined when the key is unknown, revoked or past its end */
  abstract ofApiKey(tx: EntityManager, key: string): Promise<ProgramCaller | undefined>;
}
