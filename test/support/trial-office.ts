import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { aPerson, aService } from './builders.js';
import { createTestDatabase, moveClock, type TestDatabase } from './database.js';
import { aTrialAdmin } from './trial-pair.js';
import { aTrial, TrialParts } from './trials.js';

const MONDAY = '2026-06-01T08:00:00Z';

/** A service that books persons, a central administrator who runs trials there; it is 1 June 2026, 08:00 UTC. */
export class TrialOffice {
  database!: TestDatabase;
  service!: Awaited<ReturnType<typeof aService>>;
  parts!: TrialParts;
  admin!: Actor;

  async open(): Promise<void> {
    // Everything must pass with one connection: whatever opened a second one would wait for ever.
    this.database = await createTestDatabase({ poolSize: 1 });
    await moveClock(this.database.dataSource, MONDAY);
    this.service = await aService(this.database.dataSource);
    this.parts = new TrialParts(this.database);
    const { organizationId } = this.service;
    this.admin = await aTrialAdmin(this.database.dataSource, organizationId);
  }

  close(): Promise<void> {
    return this.database.drop();
  }

  readonly sql = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    this.database.dataSource.query(text, [...values]);

  readonly run = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> =>
    this.database.dataSource.transaction(work);

  readonly person = (phone?: string | null) =>
    aPerson(this.database.dataSource, {
      organizationIds: [this.service.organizationId],
      ...(phone === undefined ? {} : { phone }),
    });

  readonly book = (personId: string, date = '2026-06-17', time = '10:00', typeCode = 'suivi-spip') => {
    const { agendaId } = this.service;
    const command = { personId, typeCode, agendaId, date, time, notify: false };
    return this.run((tx) => this.parts.book.execute(tx, command, this.admin));
  };

  /** « 4,1 »: the days of the reminders that will leave. */
  readonly reminders = async (convocationId: string) => {
    const rows = await this.sql<{ days: string }>(
      `SELECT string_agg(occurrence::text, ',' ORDER BY occurrence DESC) AS days FROM message
        WHERE convocation_id = $1 AND kind = 'reminder' AND state = 'planned'`,
      [convocationId],
    );
    return rows[0]?.days ?? '';
  };

  readonly armOf = async (convocationId: string) => {
    const rows = await this.sql<{ arm: number }>(
      'SELECT arm FROM trial_convocation WHERE convocation_id = $1',
      [convocationId],
    );
    return rows[0]?.arm;
  };

  /** @returns the id of a trial of this service that runs */
  readonly start = (more: Parameters<typeof aTrial>[1] = {}) =>
    this.parts.running(aTrial([this.service.organizationId], more), this.admin);
}
