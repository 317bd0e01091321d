import type { ServiceSeries } from '../estimate.js';
import type { InterruptedFinding } from './reports.js';

export function interruptedTimeSeries(_series: ServiceSeries): InterruptedFinding {
  return { kind: 'refused', code: 'not-started', reason: 'Pas encore commencé.' };
}
