import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Instant } from '../shared/time.js';
import { type JournalAct, noteActs } from './journal/journal-acts.js';

/** Tells the journal what happens in a transaction, in the order in which it happens. */
@Injectable()
export class Journal {
  /** Written with the transaction's last statement: both happen, or neither. */
  record(tx: EntityManager, act: JournalAct): Promise<void> {
    noteActs(tx, [act]);
    return Promise.resolve();
  }

  /** @param at when they happened, if that was asked already: spares a query */
  recordAll(tx: EntityManager, acts: readonly JournalAct[], at: Instant | null = null): Promise<void> {
    noteActs(tx, acts, at);
    return Promise.resolve();
  }
}
