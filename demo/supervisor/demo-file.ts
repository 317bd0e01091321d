import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoCredentials } from '../world/seed-demo.js';
import { environmentFile } from './environment.js';
import { local, type Ports } from './ports.js';

/** Content of `demo.json`. */
export interface DemoFile extends DemoCredentials {
  readonly baseUrl: string;
  readonly simulatorUrl: string;
  readonly mailUrl: string;
  readonly twilioAuthToken: string;
}

/** Writes `demo.json` and `service.env`, both for their owner alone. */
export function writeDemoFile(
  directory: string,
  ports: Ports,
  env: NodeJS.ProcessEnv,
  credentials: DemoCredentials,
): DemoFile {
  const file: DemoFile = {
    baseUrl: local(ports.web),
    apiKey: credentials.apiKey,
    apiKeys: credentials.apiKeys,
    simulatorUrl: local(ports.simulator),
    mailUrl: local(ports.mail),
    twilioAuthToken: env['TWILIO_AUTH_TOKEN']?.split(',')[0] ?? '',
    agents: credentials.agents,
  };
  writeFileSync(join(directory, 'service.env'), environmentFile(env), { mode: 0o600 });
  writeFileSync(join(directory, 'demo.json'), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  return file;
}
