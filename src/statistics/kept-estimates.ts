import { remembering } from '../shared/remember.js';
import { interruptedTimeSeries } from './domain/effects/interrupted.js';
import { staggeredDifference } from './domain/effects/staggered.js';

/**
 * The estimates that cost milliseconds, kept as long as the counts they stand on are the same: months gone by do not
 * change between two readers. Counts only, nothing of a person.
 */
export const interruptedOf = keeping(interruptedTimeSeries, 200);
/** The same of the comparison between services. */
export const staggeredOf = keeping(staggeredDifference, 8);

function keeping<V, T>(estimate: (values: V) => T, most: number): (values: V) => T {
  const kept = remembering((key) => ({ answer: estimate(JSON.parse(key) as V) }), most);
  return (values) => kept(JSON.stringify(values)).answer;
}
