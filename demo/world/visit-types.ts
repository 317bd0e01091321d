import type { Chance } from './chance.js';

const TYPES: readonly (readonly [code: string, weight: number])[] = [
  ['suivi-spip', 66],
  ['convocation-741-1', 8],
  ['placement-tig-tnr', 7],
  ['visite-domicile', 5],
  ['rdv-telephonique', 4],
  ['rappel-spip', 4],
  ['convocation-ddse', 3],
  ['action-collective', 3],
];
/** What an office summons for, as often as it does. */
export function usualType(chance: Chance): string {
  let left = chance.next() * TYPES.reduce((sum, [, weight]) => sum + weight, 0);
  return TYPES.find(([, weight]) => (left -= weight) < 0)?.[0] ?? 'suivi-spip';
}
