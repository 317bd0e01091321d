import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/access/domain/roles.js';
import { InviteAgent } from '../../src/agents/invite-agent.js';
import type { TestApp } from './app.js';
import type { Browser } from './browser-lite.js';
import { anAgent, anOrganization } from './builders.js';
import type { Answer } from './client.js';
import { CLIENT } from './oidc-provider.js';

export const BASE = 'http://127.0.0.1:3000';
/** Of the services that `aServiceOf` makes. */
export const SIRET = '13000000000014';
export const PASSWORD = 'cheval agrafe pile correcte';

/** An application whose agents sign in at this provider. */
export const variables = (issuer: string, more: Record<string, string> = {}) => ({
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: CLIENT.id,
  OIDC_CLIENT_SECRET: CLIENT.secret,
  ...more,
});

export async function aServiceOf(web: TestApp): Promise<string> {
  const organizationId = await anOrganization(web.dataSource);
  await web.dataSource.query('UPDATE organization SET siret = $2 WHERE id = $1', [organizationId, SIRET]);
  return organizationId;
}

export async function anInvited(web: TestApp, organizationId: string, role: Role = 'cpip') {
  const email = `invited.${randomUUID()}@spip.example`;
  const agentId = await anAgent(web.dataSource, { organizationId, email, role });
  await new InviteAgent(web.env).execute(web.dataSource.manager, { agentId });
  return { agentId, email };
}

/** The button of the sign-in page. @returns the address at the provider */
export async function leave(browser: Browser, path = '/sign-in/oidc'): Promise<URL> {
  const answer = await browser.get(path);
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get('location') ?? '');
}

/** Nobody is signed in; the sign-in page says so. */
export function expectRefused(answer: Answer): void {
  expect(answer.status).toBe(401);
  expect(answer.headers.getSetCookie().join()).not.toMatch(/sid=\w/);
  expect(answer.text).toContain('ne vous a pas reconnu');
  expect(answer.text).toContain('action="/sign-in"');
}
