import type { EntityManager } from 'typeorm';
import { SMS_POSSIBLE } from '../follow-up/follow-up-facts.query.js';
import { EMAIL_POSSIBLE } from '../follow-up/reach.query.js';
import { type ListedSince, type Reading, type ServedContact, servedContacts } from './served-since.query.js';

/** What the operators' lists leave open of the messages that wait. */
export interface MayHaveLeft {
  readonly served: readonly ServedContact[];
  readonly mailIsOn: boolean;
  /** An operator of texts that keeps a list did not give all of it: any text may have left by it. */
  readonly isBlind: boolean;
}

/** It keeps a list, and not all of it was read. */
const isIncomplete = (outcome: Reading): boolean => outcome === 'cut' || outcome === 'no-answer';

export async function mayHaveLeft(tx: EntityManager, lists: readonly ListedSince[]): Promise<MayHaveLeft> {
  return {
    served: await servedContacts(tx, lists),
    mailIsOn: lists.some(({ operator }) => operator === 'smtp'),
    isBlind: lists.some(({ operator, outcome }) => operator !== 'smtp' && isIncomplete(outcome)),
  };
}

/** `$1` to `$3` of the conditions below, on a waiting message `m` and its person `p`. */
export function parametersOf({ served, mailIsOn, isBlind }: MayHaveLeft): unknown[] {
  return [served.map(({ contactId }) => contactId), mailIsOn, isBlind];
}

/** SQL condition: an operator served the number since, perhaps with this very text. */
export const IS_SERVED = '(p.phone_id IS NOT NULL AND p.phone_id = ANY($1::uuid[]))';

/** SQL condition: it would leave as a text. */
export const BY_TEXT = `(${SMS_POSSIBLE} AND NOT ($2::boolean AND m.wanted_channel IS NOT DISTINCT FROM 'email' AND ${EMAIL_POSSIBLE}))`;

/** SQL condition: nobody knows whether it left, though an operator could tell. */
export const IS_UNSURE = `($3::boolean AND NOT ${IS_SERVED} AND ${BY_TEXT})`;
