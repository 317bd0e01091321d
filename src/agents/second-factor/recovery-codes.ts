import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { digest } from '../../shared/tokens.js';
import { plainRecoveryCode, RECOVERY_CODES, recoveryCodeFrom } from '../domain/recovery-codes.js';

const BYTES_DRAWN = 64;

/** Replaces all recovery codes of the agent. @returns them, to be shown once: only digests are kept */
export async function replaceRecoveryCodes(tx: EntityManager, agentId: string): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newCode);
  await tx.query('DELETE FROM recovery_code WHERE agent_id = $1', [agentId]);
  await tx.query('INSERT INTO recovery_code (agent_id, code_hash) SELECT $1, unnest($2::bytea[])', [
    agentId,
    codes.map((code) => digest(plainRecoveryCode(code) ?? '')),
  ]);
  return codes;
}

/** True once for each code. */
export async function spendRecoveryCode(tx: EntityManager, agentId: string, typed: string): Promise<boolean> {
  const plain = plainRecoveryCode(typed);
  if (plain === null) return false;
  const [, spent]: [unknown, number] = await tx.query(
    `UPDATE recovery_code SET used_at = app_now() WHERE agent_id = $1 AND code_hash = $2 AND used_at IS NULL`,
    [agentId, digest(plain)],
  );
  return spent === 1;
}

function newCode(): string {
  for (;;) {
    const code = recoveryCodeFrom(randomBytes(BYTES_DRAWN));
    if (code !== null) return code;
  }
}
