import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type JournalAct, noteActs } from './journal/journal-acts.js';

/** Tells the journal what happens in a transaction, in the order in which it happens. */
@Injectable()
export class Journal {
  /** Written with the transaction's last statement: both happen, or neither. */
  record(tx: EntityManager, act: JournalAct): Promise<void> {
    noteActs(tx, [act]);
    return Promise.resolve();
  }

  recordAll(tx: EntityManager, acts: readonly JournalAct[]): Promise<void> {
    noteActs(tx, acts);
    return Promise.resolve();
  }
}
