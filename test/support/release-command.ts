import type { Command } from 'commander';
import { holdCommand } from '../../src/cli/hold.command.js';
import { releaseCommand } from '../../src/cli/release.command.js';
import type { TestDatabase } from './database.js';

type Typed = [database: TestDatabase, typed?: readonly string[], more?: Readonly<Record<string, string>>];

interface Ended {
  readonly exitCode: number;
  readonly said: string;
}

/** `npm run cli -- release …`: how it ends and what it prints. */
export const releaseByCommand = (...typed: Typed): Promise<Ended> => ended(releaseCommand(), ...typed);

/** `npm run cli -- hold …`. */
export const holdByCommand = (...typed: Typed): Promise<Ended> => ended(holdCommand(), ...typed);

async function ended(command: Command, ...[database, typed = [], more = {}]: Typed): Promise<Ended> {
  const before = { ...process.env };
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  Object.assign(process.env, {
    APP_ENV: 'test',
    PUBLIC_BASE_URL: 'http://127.0.0.1:9',
    DATABASE_URL: database.url,
    SECRET_KEYS: 'k'.repeat(32),
    ...more,
  });
  try {
    await command.parseAsync(typed, { from: 'user' });
    return {
      exitCode: Number(process.exitCode ?? 0),
      said: write.mock.calls.map(([text]) => String(text)).join(''),
    };
  } finally {
    write.mockRestore();
    process.env = before;
    process.exitCode = undefined;
  }
}
