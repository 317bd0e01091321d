export interface MailContent {
  readonly subject: string;
  /** The plain text part. */
  readonly body: string;
}

export interface Mail extends MailContent {
  readonly to: string;
  readonly from: string;
  readonly at: string;
}

/** Subject and plain text of a mail as it travels (RFC 5322, MIME). Attachments are left aside. */
export function readMail(raw: string): MailContent {
  const part = parse(raw);
  return { subject: decodeWords(part.headers.get('subject') ?? ''), body: plainText(part).trim() };
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly content: string;
}

function parse(raw: string): Part {
  const text = raw.replace(/\r\n/g, '\n');
  const end = text.indexOf('\n\n');
  const head = (end < 0 ? text : text.slice(0, end)).replace(/\n[ \t]+/g, ' ');
  const headers = head.split('\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { headers: new Map(headers), content: end < 0 ? '' : text.slice(end + 2) };
}

function plainText(part: Part): string {
  const type = part.headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) {
    const parts = part.content
      .split(`--${boundary}`)
      .slice(1, -1)
      .map((text) => parse(text.replace(/^\n/, '')));
    return parts.map(plainText).find((text) => text !== '') ?? '';
  }
  return type.startsWith('text/plain') ? decode(part) : '';
}

function decode(part: Part): string {
  const encoding = part.headers.get('content-transfer-encoding')?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(part.content, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return quotedPrintable(part.content.replace(/=\n/g, ''));
  return part.content;
}

function quotedPrintable(text: string): string {
  const bytes = text.replace(/(?:=[0-9A-F]{2})+/gi, (run) =>
    Buffer.from(run.replace(/=/g, ''), 'hex').toString('utf8'),
  );
  return bytes;
}

/** `=?UTF-8?Q?Rappel_=C3=A0_venir?=` */
function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : quotedPrintable(word.replace(/_/g, ' ')),
    );
}
