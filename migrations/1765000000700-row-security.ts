import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the policies of row-level security ask: for which services the transaction runs, and whom those services
 * follow. The policies themselves are no migration: `cli migrate` holds the tables to `src/platform/row-security` at
 * every run, as it does with rights.
 *
 * Locking: creates functions and views; one small partial index for which `convocation` is read but not written, seconds
 * for a million rows. Undo: takes every policy away first, so that the database is as open as it
 * was.
 */
export class RowSecurity1765000000700 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const block of [SETTINGS, VIEWS, FUNCTIONS]) await q.query(block);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(WITHOUT_WALL);
    await q.query(`
      DROP FUNCTION persons_named(text), person_has_followers(uuid);
      DROP VIEW named_agent, person_in_scope, followed_in_scope;
      DROP INDEX convocation_booked_elsewhere;
      DROP FUNCTION scope_services(), scope_everywhere();
    `);
  }
}

/** Both are empty, and not null, on a connection whose last transaction set them. */
const SETTINGS = `
CREATE FUNCTION scope_everywhere() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(current_setting('app.everywhere', true), '') = 'on' $$;
COMMENT ON FUNCTION scope_everywhere() IS 'the transaction runs for a central administrator';
CREATE FUNCTION scope_services() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(nullif(current_setting('app.organization_ids', true), ''), '{}')::uuid[] $$;
COMMENT ON FUNCTION scope_services() IS 'the services the transaction runs for';
`;

/**
 * Read with the eyes of the owner, or a policy of a table would ask itself; they tell ids only, of the transaction's
 * own services only.
 */
const VIEWS = `
-- The few that one service books at another: each part of the view goes through an index, one person or all.
CREATE INDEX convocation_booked_elsewhere ON convocation (created_by_organization_id, person_id)
  WHERE created_by_organization_id <> organization_id;
CREATE VIEW followed_in_scope AS
  SELECT person_id FROM person_organization WHERE organization_id = ANY ((SELECT scope_services())::uuid[]);
COMMENT ON VIEW followed_in_scope IS 'persons followed by a service of the transaction';
CREATE VIEW person_in_scope AS
  SELECT person_id FROM person_organization WHERE organization_id = ANY ((SELECT scope_services())::uuid[])
  UNION ALL
  SELECT person_id FROM convocation WHERE organization_id = ANY ((SELECT scope_services())::uuid[])
  UNION ALL
  SELECT person_id FROM convocation
   WHERE created_by_organization_id = ANY ((SELECT scope_services())::uuid[])
     AND created_by_organization_id <> organization_id;
COMMENT ON VIEW person_in_scope IS 'the same, and those they summoned at any time';
CREATE VIEW named_agent AS SELECT id, organization_id, first_name, last_name, disabled_at FROM agent;
COMMENT ON VIEW named_agent IS 'whose name stands beside a row that is seen: who booked, follows or wrote; never an address';
`;

const FUNCTIONS = `
-- A person is followed by nobody between its registration and its first service.
CREATE FUNCTION person_has_followers(id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
  $$ SELECT EXISTS (SELECT FROM person_organization f WHERE f.person_id = person_has_followers.id) $$;

-- The words of a name go through their index beneath the policies: the operator is not leakproof, so PostgreSQL would
-- ask every person of the country for its policy first. The function keeps the policy by itself.
CREATE FUNCTION persons_named(words text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200 AS $$
BEGIN
  IF scope_everywhere() OR current_setting('role') = 'msj_worker' THEN
    RETURN QUERY SELECT p.id FROM person p WHERE to_tsvector('simple', p.search_key) @@ to_tsquery('simple', words);
  ELSE
    RETURN QUERY SELECT p.id FROM person p
     WHERE to_tsvector('simple', p.search_key) @@ to_tsquery('simple', words)
       AND EXISTS (SELECT FROM followed_in_scope s WHERE s.person_id = p.id);
  END IF;
END $$;
COMMENT ON FUNCTION persons_named(text) IS 'ids of persons followed by a service of the transaction, by words of their name';
`;

const WITHOUT_WALL = `
DO $$
DECLARE walled record;
BEGIN
  FOR walled IN SELECT schemaname, tablename, policyname FROM pg_policies WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP POLICY %I ON %I.%I', walled.policyname, walled.schemaname, walled.tablename);
  END LOOP;
  FOR walled IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity LOOP
    EXECUTE format('ALTER TABLE public.%I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', walled.relname);
  END LOOP;
END $$;
`;
