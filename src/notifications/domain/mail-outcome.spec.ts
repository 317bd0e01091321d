import { type MailFailure, mailOutcome, relaySignal } from './mail-outcome.js';

const SILENCE: MailFailure = {
  replyCode: null,
  reply: null,
  step: 'CONN',
  code: 'ESOCKET',
  textBegan: false,
};
const said = (reply: string, step: string, textBegan = false): MailFailure => ({
  ...{ replyCode: Number(reply.slice(0, 3)), reply, step, code: 'EENVELOPE', textBegan },
});

describe('a mail that the relay did not take', () => {
  it.each([
    ['connection refused', SILENCE, 'not-sent', 'ESOCKET'],
    ['connection cut within the text', { ...SILENCE, textBegan: true }, 'uncertain', 'ESOCKET'],
    ['an error without a name', { ...SILENCE, code: null }, 'not-sent', 'smtp'],
    ['credentials', said('535 5.7.8 bad credentials', 'AUTH PLAIN'), 'not-sent', '5.7.8'],
    ['our sender', said('550 sender not allowed', 'MAIL FROM'), 'not-sent', '550'],
    ['greylisting', said('450 4.2.0 greylisted', 'RCPT TO'), 'not-sent', '4.2.0'],
    ['no such mailbox', said('550 5.1.1 unknown', 'RCPT TO'), 'refused', '5.1.1'],
    ['several lines', said('550-5.1.1 unknown\n550 5.1.1 really', 'RCPT TO'), 'refused', '5.1.1'],
    ['no enhanced status', said('550 12.5.1.1 is our host', 'RCPT TO'), 'refused', '550'],
    ['the text', said('554 5.7.1 spam', 'DATA', true), 'refused', '5.7.1'],
    ['the text, and then the connection', said('554 spam', 'CONN', true), 'refused', '554'],
    ['the relay goes down', said('421 4.3.2 shutting down', 'CONN'), 'not-sent', '4.3.2'],
  ] as const)('%s', (_what, failure, result, errorCode) => {
    expect(mailOutcome(failure)).toMatchObject({ result, errorCode });
  });
});

describe('what a mail that did not leave says about the relay', () => {
  it.each([
    ['ECONNECTION', 'unreachable'],
    ['smtp', 'unreachable'],
    ['421', 'failed'],
    ['4.3.2', 'failed'],
    ['5.7.8', 'failed'],
    ['4.2.1', 'good'],
    ['450', 'good'],
  ] as const)('%s', (errorCode, signal) => {
    expect(relaySignal(errorCode)).toBe(signal);
  });
});
