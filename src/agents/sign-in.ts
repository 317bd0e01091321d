import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import { Journal } from '../access/journal.js';
import type { Role } from '../access/domain/roles.js';
import { Transaction } from '../platform/transaction.js';
import { mayUsePassword } from './domain/sign-in-rules.js';
import { isPassword } from './passwords.js';
import { closeSession, openSession } from './sessions.js';
import { type Attempt, SignInThrottle } from './sign-in-throttle.js';

const DEVICE_BYTES = 32;

/** Where a sign-in comes from. */
export interface Origin {
  readonly address: string;
  /** Family of browser and system, for the list of sessions. */
  readonly browser: string;
  /** Session the browser still had: it ends here. */
  readonly previousToken?: string | undefined;
  readonly deviceToken?: string | undefined;
}

export interface SignInCommand extends Origin {
  readonly email: string;
  readonly password: string;
}

/** What the browser keeps: a session, and that it was used before. */
export interface SignedIn {
  readonly token: string;
  readonly deviceToken: string;
}

interface Account {
  readonly id: string;
  readonly role: Role;
  readonly passwordHash: string | null;
  readonly usesProvider: boolean;
  readonly hasSecondFactor: boolean;
}

/**
 * Opens a session. Not one transaction but two: the password is verified in between, because that takes 0.1 s of
 * processor and must hold no connection.
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly throttle: SignInThrottle,
    private readonly journal: Journal,
  ) {}

  /**
   * @returns what the browser keeps, or null: account unknown, without password, disabled, or wrong password
   * @throws RateLimited while the account or the address has to wait
   */
  async execute(command: SignInCommand): Promise<SignedIn | null> {
    const { address, deviceToken } = command;
    const attempt = { subject: 'password', email: normalEmail(command.email), address, deviceToken } as const;
    const account = await this.transaction.run(async (tx) => {
      await this.throttle.refuseTooMany(tx, attempt);
      return findAccount(tx, attempt.email);
    });
    const isRight = await isPassword(account?.passwordHash ?? null, command.password);
    return this.transaction.run((tx) => this.conclude(tx, attempt, { account, isRight }, command));
  }

  /** Asks again whether the account has to wait: of many tries sent at once, the later ones learn nothing. */
  private async conclude(
    tx: EntityManager,
    attempt: Attempt,
    { account, isRight }: { readonly account: Account | undefined; readonly isRight: boolean },
    origin: Origin,
  ): Promise<SignedIn | null> {
    await this.throttle.lockAccount(tx, attempt);
    await this.throttle.refuseTooMany(tx, attempt);
    const oidcIsOn = this.env.OIDC_ISSUER !== undefined;
    if (account === undefined || !isRight || !mayUsePassword({ ...account, oidcIsOn })) {
      await this.throttle.recordFailure(tx, attempt);
      await this.tell(tx, 'sign-in.failed', account?.id ?? null);
      return null;
    }
    await this.throttle.forgetAccount(tx, attempt);
    const breaksGlass = oidcIsOn && account.usesProvider;
    await this.tell(tx, breaksGlass ? 'sign-in.break-glass' : 'sign-in.succeeded', account.id);
    return this.open(tx, account, origin);
  }

  private async open(tx: EntityManager, account: Account, origin: Origin): Promise<SignedIn> {
    if (origin.previousToken !== undefined) await closeSession(tx, origin.previousToken);
    const deviceToken = origin.deviceToken ?? newDeviceToken();
    // Who has a second factor is known here once it was shown, not before.
    if (!account.hasSecondFactor)
      await this.throttle.remember(tx, account.id, { address: origin.address, deviceToken });
    return { token: await openSession(tx, account.id, { browser: origin.browser }), deviceToken };
  }

  private tell(
    tx: EntityManager,
    action: 'sign-in.failed' | 'sign-in.succeeded' | 'sign-in.break-glass',
    id: string | null,
  ): Promise<void> {
    return this.journal.record(tx, { action, agentId: id, objectId: id, detail: { by: 'password' } });
  }
}

/** 256 random bits that tell a browser again; it opens nothing. */
export function newDeviceToken(): string {
  return randomBytes(DEVICE_BYTES).toString('base64url');
}

/** How an address is compared: without spaces around it, in lower case. */
export function normalEmail(typed: string): string {
  return typed.trim().toLowerCase();
}

async function findAccount(tx: EntityManager, email: string): Promise<Account | undefined> {
  const rows: Account[] = await tx.query(
    `SELECT id, role, password_hash AS "passwordHash", oidc_sub IS NOT NULL AS "usesProvider",
       totp_secret IS NOT NULL AS "hasSecondFactor"
     FROM agent WHERE email = $1 AND disabled_at IS NULL`,
    [email],
  );
  return rows[0];
}
