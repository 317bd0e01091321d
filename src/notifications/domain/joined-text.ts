import { smsLength } from '../../shared/sms-length.js';

/** @doc https://www.twilio.com/docs/api/errors/21617: a longer text is refused; what costs two counts two. */
const MOST_UNITS = 1600;
/** A text of several parts holds a little less in each: one text is worth one part more. */
const MORE_PARTS = 1;

/**
 * Whether texts may leave as one: an operator takes it, and it costs about what they cost. One letter that halves what
 * a part holds would double the price of the others.
 * @param apart the same texts, each as it would leave alone
 */
export function mayLeaveAsOne(joined: string, apart: readonly string[]): boolean {
  const { units, segments } = smsLength(joined);
  const cost = apart.reduce((parts, text) => parts + smsLength(text).segments, 0);
  return units <= MOST_UNITS && segments <= cost + MORE_PARTS;
}
