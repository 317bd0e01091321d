/** One property of a convocation by which absence is told apart; each has a value on every past convocation. */
export const DIMENSIONS = ['age', 'order', 'delay', 'summons', 'reminder', 'reach'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Kept for the rate of earlier dashboards only, which left out persons without a phone number; no table of its own. */
export const PHONE_DIMENSION = 'phone';
export const WITH_PHONE = 'with';
export const PHONE_VALUES = [WITH_PHONE, 'without'] as const;

/** Each convocation by its type: told beside the properties. */
export const TYPE_DIMENSION = 'type';

/** Furthest that any message of a kind got, about the promise that held; the first that applies. */
export const DELIVERIES = [
  'delivered',
  'accepted',
  'undelivered',
  'not-handed-over',
  'no-means',
  'none',
] as const;

/** Values in the order in which they are read. */
export const DIMENSION_VALUES: Readonly<Record<Dimension, readonly string[]>> = {
  age: ['under-18', '18-24', '25-34', '35-49', '50-64', '65-up', 'unknown'],
  order: ['first', 'later'],
  delay: ['0-3', '4-7', '8-14', '15-30', '31-up'],
  summons: DELIVERIES,
  reminder: DELIVERIES,
  reach: ['mobile', 'refused', 'no-mobile'],
};

/** Known outcomes below which a row is shown without a rate: an interval would say nothing. */
export const FEWEST_FOR_A_RATE = 12;

/** Known outcomes below which a slot is not named among the worst. */
export const FEWEST_FOR_A_SLOT = 80;
