import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { hasClearColumns } from './seal-clear-contacts.js';
import { Sealing } from './sealing.js';

/** This process cannot read what the database holds: it must not write to it either. */
export class CannotReadContacts extends Error {}

/**
 * Refuses a start on contacts that are not sealed yet, or sealed by a key that `SECRET_KEYS` lacks: messages would be
 * taken for messages to persons without a telephone, and the same number would be written twice.
 */
@Injectable()
export class KnownKeys implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sealing: Sealing,
  ) {}

  /** @throws CannotReadContacts */
  async onModuleInit(): Promise<void> {
    const tx = this.dataSource.manager;
    if (await hasClearColumns(tx))
      throw new CannotReadContacts('contacts are not all sealed: run `cli migrate` to its end');
    if (!(await this.areHeld(tx)))
      throw new CannotReadContacts('contacts are sealed by a key that SECRET_KEYS does not hold');
  }

  /** False once another process has sealed contacts by a key that came after this one was started. */
  async areHeld(tx: EntityManager): Promise<boolean> {
    const ids = await keyIdsOfContacts(tx);
    return ids.every((id) => this.sealing.knows(id));
  }
}

/** Ids of the keys that contacts are indexed with: one step in the index for each, however many rows there are. */
export async function keyIdsOfContacts(tx: EntityManager): Promise<readonly Buffer[]> {
  const rows: { id: Buffer }[] = await tx.query(`
    WITH RECURSIVE key(id) AS (
      SELECT substr(min(value_index), 1, 4) FROM contact
      UNION ALL
      SELECT (SELECT substr(min(value_index), 1, 4) FROM contact
               WHERE value_index > key.id || decode(repeat('ff', 17), 'hex'))
        FROM key WHERE key.id IS NOT NULL
    )
    SELECT id FROM key WHERE id IS NOT NULL`);
  return rows.map(({ id }) => id);
}
