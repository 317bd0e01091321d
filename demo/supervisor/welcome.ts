import type { DemoFile } from './demo-file.js';

const SHOWN_ROLES = ['admin', 'local-admin', 'dpip', 'cpip', 'sap-clerk', 'bex', 'jap'];

/** What a newcomer needs to look around: addresses, one sign-in for each kind of work. */
export function welcome(file: DemoFile, directory: string): string {
  const shown = SHOWN_ROLES.flatMap((role) => file.agents.filter((agent) => agent.role === role).slice(0, 1));
  const wide = Math.max(...shown.map(({ email }) => email.length));
  return [
    '',
    `  Mon Suivi Justice     ${file.baseUrl}`,
    `  Phones (simulated)    ${file.simulatorUrl}`,
    `  Mails (simulated)     ${file.mailUrl}`,
    '',
    `  Sign in, password ${shown[0]?.password ?? ''}`,
    ...shown.map(
      ({ email, role, organization }) => `    ${email.padEnd(wide)}  ${role.padEnd(12)} ${organization}`,
    ),
    '',
    `  All of them, and the API keys: ${directory}/demo.json. Logs: ${directory}/logs. Ctrl-C stops everything.`,
    '',
  ].join('\n');
}
