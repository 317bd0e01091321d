import { centsOf } from '../../shared/euros.js';
import { NBSP, thousands } from '../../ui/typography.js';

/** « 1 234,50 € ». */
export function euros(value: number): string {
  const [whole = '0', cents = '00'] = (centsOf(value) / 100).toFixed(2).split('.');
  return `${thousands(Number(whole))},${cents}${NBSP}€`;
}
