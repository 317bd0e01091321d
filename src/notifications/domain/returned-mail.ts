/** What a mail that came back to the return address of one message says of it. */
export type ReturnedMail =
  /** Given up for good, with the status of RFC 3463, as `5.1.1`. */
  | { readonly says: 'failed'; readonly status: string }
  /** Delayed, delivered, handed on: the end is not known, or nothing is to be done. */
  | { readonly says: 'nothing-final' }
  /** An absence notice, an acknowledgement of reading, a letter. */
  | { readonly says: 'no-report' }
  /** Calls itself a report and is not one that can be relied on. */
  | { readonly says: 'malformed' };

/** Bytes of a report read at most: relays cut what they send back long before (50 kB by Postfix's own measure). */
export const LONGEST_RETURN = 256 * 1024;

type Fields = ReadonlyMap<string, string>;

const MALFORMED: ReturnedMail = { says: 'malformed' };
const MOST_FIELDS = 300;
const MOST_PARTS = 20;
const MOST_RECIPIENTS = 20;
/** Characters of a boundary (RFC 2046, section 5.1.1). */
const LONGEST_BOUNDARY = 70;
const REPORTS: readonly string[] = ['message/delivery-status', 'message/global-delivery-status'];
const PLAIN: readonly string[] = ['7bit', '8bit', 'binary'];

/**
 * Reads a delivery status notification (RFC 3464, in the frame of RFC 6522). Nothing of it is kept but the status;
 * whatever is missing, said twice or contradictory makes it malformed.
 * @param mail the whole mail, one character per byte
 */
export function readReturnedMail(mail: string): ReturnedMail {
  const { head, body } = cut(withoutEnvelopeLine(mail.replaceAll('\r\n', '\n')));
  const fields = fieldsOf(head);
  if (fields === undefined) return MALFORMED;
  const type = fields.get('content-type') ?? '';
  if (!isReport(type)) return { says: 'no-report' };
  const boundary = parameterOf(type, 'boundary') ?? '';
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY) return MALFORMED;
  const reports = partsOf(body, boundary)
    .map(reportIn)
    .filter((report) => report !== undefined);
  const [report] = reports;
  return report === undefined || reports.length > 1 ? MALFORMED : verdictOf(report);
}

/** A mailbox in a file, and a pipe asked for it, put this line first; it is no field. */
function withoutEnvelopeLine(mail: string): string {
  return mail.startsWith('From ') ? mail.slice(mail.indexOf('\n') + 1) : mail;
}

function cut(text: string): { readonly head: string; readonly body: string } {
  if (text.startsWith('\n')) return { head: '', body: text.slice(1) };
  const end = text.indexOf('\n\n');
  return end < 0 ? { head: text, body: '' } : { head: text.slice(0, end), body: text.slice(end + 2) };
}

/** Names in lower case; undefined when a line is none of a header, or one that we read is there twice. */
function fieldsOf(head: string): Fields | undefined {
  const fields = new Map<string, string>();
  let last: string | undefined;
  const lines = head.split('\n').filter((line) => line !== '');
  if (lines.length > MOST_FIELDS) return undefined;
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (last === undefined) return undefined;
      fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
    } else if (colon > 0 && /^[!-9;-~]+$/.test(line.slice(0, colon).trimEnd())) {
      last = line.slice(0, colon).trimEnd().toLowerCase();
      if (fields.has(last) && ONCE.includes(last)) return undefined;
      fields.set(last, line.slice(colon + 1).trim());
    } else return undefined;
  }
  return fields;
}

const ONCE: readonly string[] = ['content-type', 'content-transfer-encoding', 'action', 'status'];

function isReport(type: string): boolean {
  return (
    mediaType(type) === 'multipart/report' &&
    parameterOf(type, 'report-type')?.toLowerCase() === 'delivery-status'
  );
}

function mediaType(type: string): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function parameterOf(type: string, wanted: string): string | undefined {
  for (const [, name = '', quoted, bare] of type.matchAll(
    /;\s{0,9}([a-z-]{1,30})=(?:"([^"]*)"|([^\s;"]+))/gi,
  ))
    if (name.toLowerCase() === wanted) return quoted ?? bare;
  return undefined;
}

/** None when there are too many, or the last one has no end. */
function partsOf(body: string, boundary: string): readonly string[] {
  const parts: string[][] = [];
  for (const line of body.split('\n')) {
    const ruler = line.trimEnd();
    if (ruler === `--${boundary}--`) return parts.map((lines) => lines.join('\n'));
    if (ruler === `--${boundary}`) parts.push([]);
    else parts.at(-1)?.push(line);
    if (parts.length > MOST_PARTS) return [];
  }
  return [];
}

/** The fields about each recipient; undefined for a part that is no report. */
function reportIn(part: string): readonly (Fields | undefined)[] | undefined {
  const { head, body } = cut(part);
  const fields = fieldsOf(head);
  if (!REPORTS.includes(mediaType(fields?.get('content-type') ?? ''))) return undefined;
  const encoding = fields?.get('content-transfer-encoding')?.toLowerCase() ?? '7bit';
  if (!PLAIN.includes(encoding)) return [];
  const [aboutTheMail, ...aboutRecipients] = body.split(/\n[ \t]*\n/).filter((block) => block.trim() !== '');
  const isWhole = fieldsOf(aboutTheMail ?? '')?.has('reporting-mta') === true;
  return isWhole ? aboutRecipients.map((block) => fieldsOf(block)) : [];
}

function verdictOf(recipients: readonly (Fields | undefined)[]): ReturnedMail {
  const fates = recipients.map(fateOf);
  if (fates.length === 0 || fates.length > MOST_RECIPIENTS || fates.includes(undefined)) return MALFORMED;
  const failed = fates.find((fate) => fate?.action === 'failed');
  return failed === undefined ? { says: 'nothing-final' } : { says: 'failed', status: failed.status };
}

interface Fate {
  readonly action: string;
  readonly status: string;
}

/**
 * « Failed » is final whatever the class of the status: a relay that gave up after days of 4.4.1 says so too. Of a
 * delay nothing final is known, whatever its status. Undefined: not said, or failed with the status of a success.
 */
function fateOf(fields: Fields | undefined): Fate | undefined {
  const action = /^(failed|delayed|delivered|relayed|expanded)\b/i.exec(fields?.get('action') ?? '')?.[1];
  const status = /^[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(fields?.get('status') ?? '')?.[0];
  if (action === undefined || status === undefined || fields?.has('final-recipient') !== true)
    return undefined;
  const fate = { action: action.toLowerCase(), status };
  return fate.action === 'failed' && status.startsWith('2') ? undefined : fate;
}
