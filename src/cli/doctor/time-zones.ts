import { TIME_ZONES } from '../../organizations/domain/time-zones.js';
import { fault, type Finding, ok } from './finding.js';

/** Whether the time zones of this Node know every zone of France. */
export function nodeZones(): Finding {
  const unknown = TIME_ZONES.filter((zone) => !isKnown(zone));
  return unknown.length === 0
    ? ok('time zones of Node', `all ${TIME_ZONES.length} are known`)
    : fault('time zones of Node', `unknown: ${unknown.join(', ')}`);
}

function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('fr', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
