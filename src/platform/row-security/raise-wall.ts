import { createHash } from 'node:crypto';
import pg from 'pg';
import { STATISTICS_ROLE, WORKER_ROLE } from '../scope-settings.js';
import {
  COUNT_VIEWS,
  COUNTED_TABLES,
  FIGURE_TABLES,
  NAME_VIEWS,
  SCOPE_VIEWS,
  WALLED_TABLES,
  type WalledTable,
} from './walled-tables.js';

/**
 * Holds every table of `WALLED_TABLES` to its policies: whoever reads sees the rows of its services; workers and the
 * owner see all, statistics counts. Changes nothing, and locks nothing, when the database has them already.
 *
 * Otherwise takes a short exclusive lock on each of the tables, in one transaction.
 */
export async function raiseWall(client: pg.Client, owner: string, application: string): Promise<void> {
  const statements = WALLED_TABLES.flatMap((table) => statementsOf(table, owner, application));
  const digest = createHash('sha256').update(statements.join('\n')).digest('hex');
  const { rows } = await client.query<{ comment: string | null }>(
    `SELECT obj_description('person_in_scope'::regclass, 'pg_class') AS comment`,
  );
  if (rows[0]?.comment?.endsWith(digest) === true) return;
  await client.query('BEGIN');
  await client.query(WITHOUT_POLICIES);
  for (const statement of statements) await client.query(statement);
  await client.query(
    `COMMENT ON VIEW person_in_scope IS 'persons followed or summoned by a service of the transaction; policies ${digest}'`,
  );
  await client.query('COMMIT');
}

/** A table that was on the list once, or whose policies were written by another release. */
const WITHOUT_POLICIES = `DO $$
DECLARE walled record;
BEGIN
  FOR walled IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP POLICY %I ON public.%I', walled.policyname, walled.tablename);
  END LOOP;
END $$`;

/** One address for both: the owner's policy is the application's, and there is no wall. */
function statementsOf(walled: WalledTable, owner: string, application: string): readonly string[] {
  return [...alwaysOpen(walled, owner), ...(owner === application ? [] : byScope(walled, application))];
}

function alwaysOpen({ table, counted }: WalledTable, owner: string): readonly string[] {
  const all = [WORKER_ROLE, pg.escapeIdentifier(owner)].join(', ');
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY worker ON ${table} TO ${all} USING (true) WITH CHECK (true)`,
    ...(counted === undefined
      ? []
      : [`CREATE POLICY statistics ON ${table} FOR SELECT TO ${STATISTICS_ROLE} USING (true)`]),
  ];
}

/** Never for everybody: the views of the conditions read as their owner, whose policies must not ask them again. */
function byScope({ table, sees, adds = sees }: WalledTable, application: string): readonly string[] {
  const role = pg.escapeIdentifier(application);
  return [
    `CREATE POLICY service_reads ON ${table} FOR SELECT TO ${role} USING (${sees})`,
    `CREATE POLICY service_changes ON ${table} FOR UPDATE TO ${role} USING (${sees})`,
    `CREATE POLICY service_deletes ON ${table} FOR DELETE TO ${role} USING (${sees})`,
    `CREATE POLICY service_adds ON ${table} FOR INSERT TO ${role} WITH CHECK (${adds})`,
  ];
}

/** What statistics may read and write. */
export function statisticsRights(): string {
  const columns = WALLED_TABLES.flatMap(({ table, counted }) => {
    if (counted === undefined) return [];
    const of = counted === 'all' ? '' : ` (${counted.join(', ')})`;
    return [`GRANT SELECT${of} ON ${table} TO ${STATISTICS_ROLE}`];
  });
  return [
    `GRANT USAGE ON SCHEMA public TO ${STATISTICS_ROLE}`,
    `GRANT SELECT ON ${[...COUNTED_TABLES, ...COUNT_VIEWS, ...SCOPE_VIEWS].join(', ')} TO ${STATISTICS_ROLE}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${FIGURE_TABLES.join(', ')} TO ${STATISTICS_ROLE}`,
    `GRANT EXECUTE ON FUNCTION app_now(), fold_attendance(), scope_everywhere(), scope_services() TO ${STATISTICS_ROLE}`,
    ...columns,
  ].join(';\n');
}

/** Views that could be written through would let their owner's rights write. */
export function readOnlyViews(role: string): string {
  return `REVOKE INSERT, UPDATE, DELETE ON ${[...COUNT_VIEWS, ...SCOPE_VIEWS, ...NAME_VIEWS].join(', ')} FROM ${role}`;
}
