import { SetMetadata } from '@nestjs/common';
import type { PageSession } from './identification.port.js';

export const FRESH = 'access:fresh';

/** Name of the field in which a form gives the password or the code again; the guard takes it out of the body. */
export const PROOF_FIELD = '_proof';

/** Where an agent proves again who they are, before a page that asks for it. */
export const PROOF_PAGE = '/account/confirm';

/**
 * Asks for the password or the code again when the last proof is older than 15 minutes. A GET comes back to its
 * address; a POST is shown again with all its fields, and acts once the proof is right. Exports and administration.
 */
export const FreshSignIn = () => SetMetadata(FRESH, true);

/** A form held back until the agent proves who they are. */
export interface HeldForm {
  readonly session: PageSession;
  /** Address the form was sent to. */
  readonly action: string;
  /** All its fields, hidden ones included, without the proof. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly proofWasWrong: boolean;
}

/** Port: the held form as a page. Implemented by `back-office`, bound in its module. */
export abstract class ProofPage {
  abstract render(held: HeldForm): string;
}

export interface ProofAttempt {
  /** Session cookie. */
  readonly token: string;
  /** Password or six-digit code. */
  readonly proof: string;
  readonly address: string;
  readonly deviceToken?: string | undefined;
}

/** Port: is it really them? Implemented by `agents`, bound in `app.module.ts`. */
export abstract class ProofCheck {
  /**
   * Renews the session's proof when it is right. Opens its own transactions: a password takes 0.1 s to verify.
   * @throws RateLimited while the account has to wait
   */
  abstract prove(attempt: ProofAttempt): Promise<boolean>;
}
