import { Global, Module } from '@nestjs/common';
import { Journal } from '../journal.js';
import { ForgetNames } from './forget-names.js';
import { JournalKeys } from './journal-keys.js';
import { SealJournal } from './seal-journal.js';
import { VerifyJournal } from './verify-journal.js';
import { WriteJournal } from './write-journal.js';

/** Whoever opens transactions needs it: without it what they tell is lost. */
@Global()
@Module({
  providers: [Journal, JournalKeys, WriteJournal, SealJournal, ForgetNames, VerifyJournal],
  exports: [Journal, JournalKeys, WriteJournal, SealJournal, ForgetNames, VerifyJournal],
})
export class JournalModule {}
