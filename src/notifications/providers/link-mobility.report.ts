import type { Report } from '../sending/record-report.js';

/** Ids and codes are short; anything longer is not an operator's. */
const SHORT = /^[\w.-]{1,64}$/;
const NUMBER = /^\+?[1-9]\d{6,14}$/;

/**
 * Final statuses of a delivery report (`StatusCode`), as clients of this platform's SMS API 5.2 publish them; another
 * one is kept and changes nothing.
 */
const STATUS: Readonly<Record<string, string>> = { '0': 'delivered', '2': 'undelivered' };

/** LINK Mobility's report in our words; undefined when it lacks what makes a report. */
export function reportOf(fields: Readonly<Record<string, unknown>>): Report | undefined {
  const { MessageId: id, DestinationAddress: to, StatusCode: status, ReasonCode: reason } = fields;
  if (!isOperatorId(id) || !isOperatorId(status) || typeof to !== 'string' || !NUMBER.test(to))
    return undefined;
  const isFailure = isOperatorId(reason) && reason !== '0';
  return {
    operator: 'link-mobility',
    recipient: to.startsWith('+') ? to : `+${to}`,
    operatorMessageId: id,
    status: STATUS[status] ?? `status-${status}`,
    errorCode: isFailure ? `report-${reason}` : null,
  };
}

/** Whether it can be an id or a code of this operator. */
export function isOperatorId(value: unknown): value is string {
  return typeof value === 'string' && SHORT.test(value);
}
