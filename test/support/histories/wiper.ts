import pg from 'pg';
import type { TestDatabase } from '../database.js';

/** Empties a database of what histories wrote: what was there before stays. */
export class Wiper {
  private constructor(
    private readonly url: string,
    private readonly kept: readonly string[],
  ) {}

  static async of(database: TestDatabase): Promise<Wiper> {
    const url = new URL(process.env['TEST_ADMIN_URL'] ?? '');
    url.pathname = new URL(database.url).pathname;
    const wiper = new Wiper(url.toString(), []);
    return new Wiper(url.toString(), await wiper.asAdmin(tablesWithRows));
  }

  wipe(): Promise<void> {
    return this.asAdmin(async (admin) => {
      const names = (await tablesWithRows(admin)).filter((name) => !this.kept.includes(name));
      const deletes = names.map((name) => `DELETE FROM ${name};`).join(' ');
      // Beneath the triggers that refuse to forget.
      await admin.query(
        `BEGIN; SET LOCAL session_replication_role = replica; ${deletes}
         DELETE FROM reminder_plan WHERE organization_id IS NOT NULL; COMMIT`,
      );
    });
  }

  private async asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
    const admin = new pg.Client({ connectionString: this.url });
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.end();
    }
  }
}

async function tablesWithRows(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'bullmq')`,
  );
  const checks = rows.map(({ name }) => `SELECT '${name}' AS name WHERE EXISTS (SELECT FROM ${name})`);
  const { rows: full } = await admin.query<{ name: string }>(checks.join(' UNION ALL '));
  return full.map(({ name }) => name);
}
