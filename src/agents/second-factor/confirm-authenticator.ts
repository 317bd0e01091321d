import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../../access/journal.js';
import { Sealing } from '../../platform/sealing.js';
import { Conflict, ValidationFailed } from '../../shared/domain-error.js';
import { digest } from '../../shared/tokens.js';
import { closeOtherSessions, rotateSession } from '../sessions.js';
import { CodeCheck, secretContext } from './code-check.js';
import { enrollable } from './enroll-authenticator.js';
import { replaceRecoveryCodes } from './recovery-codes.js';

export interface Confirmed {
  /** New token of the session: the old one ends here. */
  readonly token: string;
  /** Shown once. */
  readonly recoveryCodes: readonly string[];
}

/** The first code of a new authenticator puts it in force; every other session of the agent ends. */
@Injectable()
export class ConfirmAuthenticator {
  constructor(
    private readonly sealing: Sealing,
    private readonly codes: CodeCheck,
    private readonly journal: Journal,
  ) {}

  /** @throws ValidationFailed on `code`, Conflict when no secret waits, Forbidden */
  async execute(
    tx: EntityManager,
    { token, code }: { readonly token: string; readonly code: string },
  ): Promise<Confirmed> {
    const { id, pending } = await enrollable(tx, token);
    if (pending === null) throw new Conflict('authenticator');
    const step = await this.codes.stepNow(tx, this.sealing.open(pending, secretContext(id)), code);
    if (step === null) throw new ValidationFailed([{ field: 'code', code: 'wrong', message: 'wrong code' }]);
    await tx.query(
      `UPDATE agent SET totp_secret = $2, totp_confirmed_at = app_now(), totp_last_step = $3 WHERE id = $1`,
      [id, pending, step],
    );
    await tx.query('UPDATE session SET totp_pending = NULL WHERE token_hash = $1', [digest(token)]);
    const recoveryCodes = await replaceRecoveryCodes(tx, id);
    await this.journal.record(tx, { action: 'second-factor.enrolled', agentId: id, objectId: id });
    await closeOtherSessions(tx, token);
    return { token: await rotateSession(tx, token, { secondFactor: true }), recoveryCodes };
  }
}
