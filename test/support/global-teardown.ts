import type { Servers } from './servers.js';

export default async function globalTeardown(): Promise<void> {
  const { testServers } = globalThis as { testServers?: Servers };
  await testServers?.stop();
}
