import type { DataSource } from 'typeorm';

/** Until a transaction waits for what another one holds. */
export async function someoneWaits(dataSource: DataSource): Promise<void> {
  for (let waiting = 0; waiting === 0;) {
    const rows: { n: number }[] = await dataSource.query(
      `SELECT count(*)::int AS n FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE NOT l.granted AND a.datname = current_database()`,
    );
    waiting = rows[0]?.n ?? 0;
  }
}
