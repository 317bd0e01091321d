import { releaseCommand } from '../../src/cli/release.command.js';
import type { TestDatabase } from './database.js';

/** `npm run cli -- release …`: how it ends and what it prints. */
export async function releaseByCommand(
  database: TestDatabase,
  typed: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number; readonly said: string }> {
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
    await releaseCommand().parseAsync(typed, { from: 'user' });
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
