import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether a sign-in under way at the OpenID provider asked for a new proof there: its own session, which lasts a day,
 * proves nothing about who sits at the keyboard now.
 *
 * Locking: a constant default does not rewrite the table, which holds minutes of sign-ins. Undo: drops it.
 */
export class ProviderProof1766000000800 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE oidc_login ADD COLUMN asks_again boolean NOT NULL DEFAULT false');
    await q.query(
      `COMMENT ON COLUMN oidc_login.asks_again IS 'the provider was asked to have the agent prove who they are'`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE oidc_login DROP COLUMN asks_again');
  }
}
