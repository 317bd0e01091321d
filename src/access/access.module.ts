import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FormCheck } from './form-check.js';
import { Journal } from './journal.js';
import { RouteDeclarations } from './route-declarations.js';
import { SessionRules } from './session-rules.js';

/** Roles, rights, and what keeps a route from being forgotten. The guard itself is set in `app.module.ts`. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [FormCheck, Journal, RouteDeclarations, SessionRules],
  exports: [FormCheck, Journal, RouteDeclarations, SessionRules],
})
export class AccessModule {}
