import { SetMetadata } from '@nestjs/common';
import type { SessionStep } from './domain/session-steps.js';

export const OPEN_DURING = 'access:open-during';

/** The route may be used while one of these steps is pending; any other sends the agent to the page of the step. */
export const OpenDuring = (...steps: readonly SessionStep[]) => SetMetadata(OPEN_DURING, steps);
