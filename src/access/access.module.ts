import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FormCheck } from './form-check.js';
import { JournalModule } from './journal/journal.module.js';
import { RateLimiter } from './rate-limiter.js';
import { RouteDeclarations } from './route-declarations.js';

/** Roles, rights, and what keeps a route from being forgotten. The guard itself is set in `app.module.ts`. */
@Global()
@Module({
  imports: [DiscoveryModule, JournalModule],
  providers: [FormCheck, RateLimiter, RouteDeclarations],
  exports: [FormCheck, RateLimiter, RouteDeclarations],
})
export class AccessModule {}
