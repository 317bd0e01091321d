import type { Type } from '@nestjs/common';
import { HooksModule } from './api/hooks/hooks.module.js';
import { ApiV1Module } from './api/v1/api-v1.module.js';
import { BackOfficeModule } from './back-office/back-office.module.js';
import { PublicSiteModule } from './public-site/public-site.module.js';

/** Screens and routes of the processes that serve them. */
export const WEB_MODULES: readonly Type[] = [ApiV1Module, HooksModule, BackOfficeModule, PublicSiteModule];
