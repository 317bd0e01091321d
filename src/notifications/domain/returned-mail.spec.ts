import fc from 'fast-check';
import { aDeliveryReport } from '../../../test/support/returned-mails.js';
import { LONGEST_RETURN, readReturnedMail } from './returned-mail.js';

const MALFORMED = { says: 'malformed' };

describe('a mail that came back', () => {
  it.each([
    ['5.1.1', '5.1.1'],
    ['5.1.10 (null MX)', '5.1.10'],
    ['4.4.7', '4.4.7'],
  ])('has failed, with the status %s', (status, said) => {
    expect(readReturnedMail(aDeliveryReport({ status }))).toEqual({ says: 'failed', status: said });
  });

  it.each([
    ['delayed', '4.4.1'],
    ['delayed', '5.4.1'],
    ['delivered', '2.1.5'],
    ['relayed', '2.1.9'],
    ['expanded', '2.1.5'],
  ])('is %s (%s): nothing final', (action, status) => {
    expect(readReturnedMail(aDeliveryReport({ action, status }))).toEqual({ says: 'nothing-final' });
  });

  it('is read with the line ends of the network, and after the line of a mailbox', () => {
    const report = aDeliveryReport({ newline: '\r\n' });
    expect(readReturnedMail(report)).toEqual({ says: 'failed', status: '5.1.1' });
    expect(readReturnedMail(`From MAILER-DAEMON Mon Jun 1\r\n${report}`)).toMatchObject({ says: 'failed' });
  });

  it('has failed when one of several recipients failed', () => {
    const one = (action: string, status: string) =>
      `Final-Recipient: rfc822;a@b.example\nAction: ${action}\nStatus: ${status}`;
    const recipient = `${one('delivered', '2.0.0')}\n\n${one('failed', '5.2.2')}`;
    expect(readReturnedMail(aDeliveryReport({ recipient }))).toEqual({ says: 'failed', status: '5.2.2' });
  });

  it.each([
    ['no action', 'Final-Recipient: rfc822;a@b.example\nStatus: 5.1.1'],
    ['no status', 'Final-Recipient: rfc822;a@b.example\nAction: failed'],
    ['no recipient', 'Action: failed\nStatus: 5.1.1'],
    ['two actions', 'Final-Recipient: rfc822;a@b\nAction: failed\nAction: delayed\nStatus: 5.1.1'],
    ['two status', 'Final-Recipient: rfc822;a@b\nAction: failed\nStatus: 5.1.1\nStatus: 2.0.0'],
    ['an unknown action', 'Final-Recipient: rfc822;a@b\nAction: failedish\nStatus: 5.1.1'],
    ['a status of another form', 'Final-Recipient: rfc822;a@b\nAction: failed\nStatus: 5.1.1.1'],
    ['a failure with the status of a success', 'Final-Recipient: rfc822;a@b\nAction: failed\nStatus: 2.0.0'],
    ['no field at all', 'your mail failed'],
    ['nothing', ''],
  ])('is not believed with %s', (_what, recipient) => {
    expect(readReturnedMail(aDeliveryReport({ recipient }))).toEqual(MALFORMED);
  });

  it.each([
    ['a header that is none', (mail: string) => `not a header\n${mail}`],
    ['a report that has no end', (mail: string) => mail.replace(/--\n$/, '\n')],
    ['no boundary', (mail: string) => mail.replace(/boundary="[^"]*"/, 'x=y')],
    ['no report inside', (mail: string) => mail.replace('message/delivery-status\n', 'text/plain\n')],
    ['no relay that reports', (mail: string) => mail.replace('Reporting-MTA', 'Somebody')],
    [
      'an encoded report',
      (mail: string) => mail.replace('-status\n\n', '-status\nContent-Transfer-Encoding: base64\n\n'),
    ],
    ['two types', (mail: string) => `Content-Type: text/plain\n${mail}`],
  ])('is not believed with %s', (_what, spoil) => {
    expect(readReturnedMail(spoil(aDeliveryReport()))).toEqual(MALFORMED);
  });

  it.each([
    ['an absence notice', 'Subject: absent\nContent-Type: text/plain\n\nAction: failed\nStatus: 5.1.1'],
    ['an acknowledgement', 'Content-Type: multipart/report; report-type=disposition-notification\n\n'],
    ['a letter without a type', 'Subject: bonjour\n\nStatus: 5.1.1'],
  ])('is no report: %s', (_what, mail) => {
    expect(readReturnedMail(mail)).toEqual({ says: 'no-report' });
  });

  const boundary = fc.stringMatching(/^[A-Za-z0-9'()+_,./:=?-]{1,60}$/);
  const status = fc
    .tuple(fc.constantFrom(4, 5), fc.nat({ max: 999 }), fc.nat({ max: 999 }))
    .map((numbers) => numbers.join('.'));

  it('says what it was written with, whatever the frame', () => {
    fc.assert(
      fc.property(boundary, status, fc.constantFrom('\n', '\r\n'), (frame, said, newline) => {
        const report = aDeliveryReport({ boundary: frame, status: said, newline });
        expect(readReturnedMail(report)).toEqual({ says: 'failed', status: said });
      }),
    );
  });

  it('is never a failure without both words in it, and never more than a status, whatever it holds', () => {
    const noise = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('\n\n', '--', ': '));
    const spoiled = fc.tuple(fc.nat({ max: 1500 }), fc.nat({ max: 200 }), noise).map(([at, length, text]) => {
      const report = aDeliveryReport();
      return report.slice(0, at) + text + report.slice(at + length);
    });
    fc.assert(
      fc.property(fc.oneof(noise, spoiled), (mail) => {
        const read = readReturnedMail(mail);
        expect(['failed', 'nothing-final', 'no-report', 'malformed']).toContain(read.says);
        if (read.says !== 'failed') return;
        expect(read.status).toMatch(/^[45](\.\d{1,3}){2}$/);
        expect(mail).toMatch(/^Action\s*:\s*failed/im);
        expect(mail).toContain(read.status);
      }),
      { numRuns: 500 },
    );
  });

  it('is read in a time that follows its length', () => {
    for (const line of [';boundary=', '--', 'a: b\n', ' \n', '\n\n', '"'])
      expect(['malformed', 'no-report']).toContain(
        readReturnedMail(`Content-Type: multipart/report${line.repeat(LONGEST_RETURN / line.length)}`).says,
      );
  });
});
