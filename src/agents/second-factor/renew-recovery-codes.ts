import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../../access/journal.js';
import { Conflict } from '../../shared/domain-error.js';
import { replaceRecoveryCodes } from './recovery-codes.js';

/** Makes new recovery codes; the ones of before are worth nothing. For a route that asks for a fresh sign-in. */
@Injectable()
export class RenewRecoveryCodes {
  constructor(private readonly journal: Journal) {}

  /** @returns them, to be shown once. @throws Conflict without a second factor in force */
  async execute(tx: EntityManager, { agentId }: { readonly agentId: string }): Promise<readonly string[]> {
    const rows: { id: string }[] = await tx.query(
      'SELECT id FROM agent WHERE id = $1 AND totp_secret IS NOT NULL FOR UPDATE',
      [agentId],
    );
    if (rows.length === 0) throw new Conflict('second factor');
    await this.journal.record(tx, { action: 'recovery-codes.made', objectId: agentId });
    return replaceRecoveryCodes(tx, agentId);
  }
}
