import 'reflect-metadata';
import { resolveTypeScript } from './resolve-typescript';

/** One PostgreSQL for the whole run, with a migrated template; a Redis where the machine has one. */
export default async function globalSetup(): Promise<void> {
  const undo = resolveTypeScript();
  try {
    const { startServers } = await import('./servers.js');
    await startServers();
  } finally {
    undo();
  }
}
