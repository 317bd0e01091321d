import 'reflect-metadata';
import { existsSync } from 'node:fs';
import Module from 'node:module';
import { dirname, resolve } from 'node:path';

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

type Resolve = (request: string, parent: { filename?: string } | undefined, ...rest: unknown[]) => string;

/**
 * Jest maps './x.js' to './x.ts' inside tests, not inside its global set-up: this does the same there.
 * @returns undoes it
 */
function resolveTypeScript(): () => void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const original = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    return original.call(this, sourceOf(request, parent?.filename) ?? request, parent, ...rest);
  };
  return () => {
    loader._resolveFilename = original;
  };
}

function sourceOf(request: string, from: string | undefined): string | undefined {
  if (from === undefined || !/^\.{1,2}\/.*\.js$/.test(request) || from.includes('node_modules'))
    return undefined;
  const base = resolve(dirname(from), request.slice(0, -'.js'.length));
  return [`${base}.ts`, `${base}.tsx`].find((file) => existsSync(file));
}
