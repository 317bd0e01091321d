import pg from 'pg';

/** What the service writes for itself: nobody's act. */
const OF_ITS_OWN = [
  'session',
  'sign_in_failure',
  'known_origin',
  'idempotency_key',
  'task_run',
  'rate_count',
  'journal_entry',
  'journal_unlinked',
  'journal_link',
  'journal_head',
  'migrations',
];

export interface ChangeWitness {
  /** Tables changed by transactions of the web process that left no entry in the journal, with how often. */
  unjournaled(): Promise<string[]>;
  /** Transactions of the web process that changed something. */
  changes(): Promise<number>;
  close(): Promise<void>;
}

/** Stands beside every table from now on and notes which transaction of the service changed a row of it. */
export async function watchChanges(ownerUrl: string): Promise<ChangeWitness> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`
    CREATE TABLE change_seen (number text, place text, PRIMARY KEY (number, place));
    CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      -- When a key was last used is noted by the service for itself.
      IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'api_key'
        AND to_jsonb(OLD) - 'last_used_at' = to_jsonb(NEW) - 'last_used_at' THEN
        RETURN NULL;
      END IF;
      IF current_setting('application_name') = 'mon-suivi-justice-web' THEN
        INSERT INTO change_seen
          VALUES (pg_current_xact_id()::xid::text, TG_TABLE_NAME) ON CONFLICT DO NOTHING;
      END IF;
      RETURN NULL;
    END $$;`);
  const { rows } = await owner.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables
      WHERE schemaname = 'public' AND tablename <> ALL($1) AND tablename <> 'change_seen'`,
    [OF_ITS_OWN],
  );
  for (const { name } of rows)
    await owner.query(
      `CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON ${name} FOR EACH ROW EXECUTE FUNCTION note_change()`,
    );
  const ask = async (sql: string) => (await owner.query<{ said: string }>(sql)).rows.map(({ said }) => said);
  return {
    unjournaled: () =>
      ask(`SELECT place || ' ' || count(*) AS said FROM change_seen
            WHERE number NOT IN (SELECT xmin::text FROM journal_entry) GROUP BY place ORDER BY 1`),
    changes: async () => Number((await ask('SELECT count(DISTINCT number) AS said FROM change_seen'))[0]),
    close: () => owner.end(),
  };
}
