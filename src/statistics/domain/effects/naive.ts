import type { ServiceSeries } from '../estimate.js';
import type { NaiveFinding } from './reports.js';

export function naiveBeforeAfter(_series: ServiceSeries): NaiveFinding {
  return { kind: 'refused', code: 'not-started', reason: 'Pas encore commencé.' };
}
