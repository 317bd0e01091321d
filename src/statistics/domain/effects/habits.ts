import type { ServiceSeries } from '../estimate.js';
import type { HabitFlag } from './reports.js';

export function habitsChange(_series: ServiceSeries): readonly HabitFlag[] {
  return [];
}
