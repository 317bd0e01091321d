import type pg from 'pg';

/** Never kept: what migrations and the environment make for themselves, and what must not come back to life. */
const NOT_KEPT = ['migrations', 'environment', 'session'];

export interface Table {
  readonly name: string;
  /** In their order; without those that PostgreSQL computes. */
  readonly columns: readonly string[];
}

export interface Sequence {
  readonly name: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

export interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/**
 * Tables of the schema `public`, by name. Asked of the catalogue: a table added by a later migration is kept without
 * anybody thinking of it. What refers to a session goes with the sessions.
 */
export async function keptTables(client: pg.ClientBase): Promise<readonly Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `WITH RECURSIVE left_out AS (
       SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY ($1)
       UNION SELECT conrelid FROM pg_constraint JOIN left_out ON confrelid = left_out.oid WHERE contype = 'f'
     )
     SELECT c.relname AS name,
            (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
       FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.oid NOT IN (SELECT oid FROM left_out)
      ORDER BY c.relname`,
    [NOT_KEPT],
  );
  return rows;
}

/** Every table that holds rows of ours, kept or not: emptied before a restore. */
export async function emptiedTables(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('migrations', 'environment')
      ORDER BY relname`,
  );
  return rows.map(({ name }) => name);
}

/** Name of the last migration; the shape of every table hangs on it. */
export async function schemaVersion(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM migrations ORDER BY timestamp DESC LIMIT 1',
  );
  return rows[0]?.name ?? '';
}

export async function environmentOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM environment');
  return rows[0]?.name ?? '';
}

/** Sequences do not obey snapshots: asked last, their values are at least those of the rows that were read. */
export async function sequences(client: pg.ClientBase): Promise<readonly Sequence[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname`,
  );
  const found: Sequence[] = [];
  for (const { name } of rows) {
    const one = await client.query<Omit<Sequence, 'name'>>(
      `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM ${quoted(name)}`,
    );
    found.push(...one.rows.map((row) => ({ name, ...row })));
  }
  return found;
}

/**
 * Tables of which row security would hide rows from the role of this connection. Where it is forced on the owner too,
 * one policy must open every row to that role, and none may narrow it.
 */
export async function filteredTables(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class c
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND row_security_active(c.oid)
        AND NOT (
          EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*'
             AND pg_get_expr(p.polqual, c.oid) = 'true' AND coalesce(pg_get_expr(p.polwithcheck, c.oid), 'true') = 'true'
             AND ${CONCERNS_ME})
          AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive AND ${CONCERNS_ME}))
      ORDER BY relname`,
  );
  return rows.map(({ name }) => name);
}

const CONCERNS_ME = `EXISTS (SELECT FROM unnest(p.polroles) AS r WHERE r = 0 OR pg_has_role(r, 'USAGE'))`;

export async function foreignKeys(client: pg.ClientBase): Promise<readonly ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint
      WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0 ORDER BY 1, 2`,
  );
  return rows;
}

/** A name of the schema `public`, safe in a statement. */
export function quoted(name: string): string {
  return `public."${name.replaceAll('"', '""')}"`;
}
