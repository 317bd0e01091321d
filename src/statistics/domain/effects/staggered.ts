import type { ServiceSeries } from '../estimate.js';
import type { StaggeredFinding } from './reports.js';

export function staggeredDifference(_all: readonly ServiceSeries[]): StaggeredFinding {
  return { kind: 'refused', code: 'too-few-services', reason: 'Trop peu de services.' };
}
