import type { Fault } from './domain/ladder.js';

const TWILIO: Readonly<Record<string, Fault>> = {
  '21211': 'number',
  '21614': 'number',
  '21635': 'number',
  '21610': 'opted-out',
  '30001': 'operator',
  '30003': 'unreachable',
  '30004': 'filtered',
  '30005': 'number',
  '30006': 'number',
  '30007': 'filtered',
  '30036': 'operator',
  '30500': 'operator',
};

/** What an operator's error means for the ladder. */
export function faultOf(operator: string | null, errorCode: string | null): Fault {
  return operator === 'twilio' && errorCode !== null ? (TWILIO[errorCode] ?? 'unknown') : 'unknown';
}
