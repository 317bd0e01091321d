import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FormCheck } from './form-check.js';
import { Journal } from './journal.js';
import { ForgetNames } from './journal/forget-names.js';
import { JournalKeys } from './journal/journal-keys.js';
import { RateLimiter } from './rate-limiter.js';
import { RouteDeclarations } from './route-declarations.js';
import { SealJournal } from './journal/seal-journal.js';
import { VerifyJournal } from './journal/verify-journal.js';
import { WriteJournal } from './journal/write-journal.js';

/** Roles, rights, and what keeps a route from being forgotten. The guard itself is set in `app.module.ts`. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    FormCheck,
    Journal,
    JournalKeys,
    RateLimiter,
    RouteDeclarations,
    WriteJournal,
    SealJournal,
    ForgetNames,
    VerifyJournal,
  ],
  exports: [
    FormCheck,
    Journal,
    JournalKeys,
    SealJournal,
    ForgetNames,
    VerifyJournal,
    RateLimiter,
    RouteDeclarations,
  ],
})
export class AccessModule {}
