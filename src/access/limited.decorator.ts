import { SetMetadata } from '@nestjs/common';
import type { RateClass } from './domain/rate-limits.js';

export const LIMITED = 'access:limited';

/** The route counts against a narrower limit of its caller than its kind of route has. */
export const Limited = (limit: Extract<RateClass, 'search' | 'export'>) => SetMetadata(LIMITED, limit);
