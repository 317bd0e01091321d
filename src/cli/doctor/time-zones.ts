import { fault, type Finding, ok } from './finding.js';

/** One zone per territory of the Republic. */
export const TERRITORY_ZONES = [
  'Europe/Paris',
  'America/Guadeloupe',
  'America/Martinique',
  'America/Cayenne',
  'Indian/Reunion',
  'Indian/Mayotte',
  'America/Miquelon',
  'America/St_Barthelemy',
  'America/Marigot',
  'Pacific/Noumea',
  'Pacific/Tahiti',
  'Pacific/Wallis',
];

/** Whether the time zones of this Node know every territory. */
export function nodeZones(): Finding {
  const unknown = TERRITORY_ZONES.filter((zone) => !isKnown(zone));
  return unknown.length === 0
    ? ok('time zones of Node', `all ${TERRITORY_ZONES.length} are known`)
    : fault('time zones of Node', `unknown: ${unknown.join(', ')}`);
}

function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('fr', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
