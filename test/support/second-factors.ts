import { secretContext } from '../../src/agents/second-factor/code-check.js';
import { replaceRecoveryCodes } from '../../src/agents/second-factor/recovery-codes.js';
import { newSecret } from '../../src/agents/second-factor/totp.js';
import { Sealing } from '../../src/platform/sealing.js';
import type { TestApp } from './app.js';

/** An authenticator in force for this agent, without going through the pages. @returns its secret */
export async function giveSecondFactor({ app, dataSource }: TestApp, agentId: string): Promise<string> {
  const secret = await newSecret();
  const sealed = app.get(Sealing).seal(secret, secretContext(agentId));
  await dataSource.query('UPDATE agent SET totp_secret = $2, totp_confirmed_at = app_now() WHERE id = $1', [
    agentId,
    sealed,
  ]);
  await replaceRecoveryCodes(dataSource.manager, agentId);
  return secret;
}
