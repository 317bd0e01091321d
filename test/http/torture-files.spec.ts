import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, type Form } from '../support/browser-lite.js';
import { aService, aSignedInAgent } from '../support/builders.js';
import { type Answer, receive } from '../support/client.js';
import { HOSTILE_TEXTS } from '../support/hostile-corpus.js';

const SPECTRUM = join(dirname(require.resolve('csv-spectrum/package.json')), 'csvs');
const AGENTS = 'nom;prenom;email;role';
const COUNTS = 'mois;venues;manquées;excusées;annulées;sans issue';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') =>
  new Uint8Array(Buffer.from(text, encoding));
const headed = (text: string): readonly [string, Uint8Array<ArrayBuffer>][] => [
  [`${text} under the header of agents`, bytes(`${AGENTS}\n${text}`)],
  [`${text} under the header of counts`, bytes(`${COUNTS}\n${text}`)],
];

/** Tables that readers of tables stumble over, and what is no table at all. */
const FILES: readonly (readonly [name: string, content: Uint8Array<ArrayBuffer>])[] = [
  ...readdirSync(SPECTRUM).map((name) => [name, new Uint8Array(readFileSync(join(SPECTRUM, name)))] as const),
  ...['"', '"""', '"a', 'a"b"c;"', ';;;;;;;;;;', '\r\r\r', '\n\n\n', '"a\n'.repeat(50)].flatMap(headed),
  ['nothing but a byte order mark', bytes('\ufeff')],
  ['UTF-16', bytes(`\ufeff${AGENTS}\nA;B;a@b.fr;CPIP\n`, 'utf16le')],
  ['Latin-1', bytes(`${COUNTS}\n2024-03;1;1;1;1;1\n`, 'latin1')],
  ['bytes of no text', new Uint8Array(Array.from({ length: 4096 }, (_, at) => (at * 197) % 256))],
  ['NUL between letters', bytes(`${AGENTS}\nA\0;B;a@b.fr;CPIP\n`)],
  ['old Macintosh line ends', bytes(`${AGENTS}\rA;B;a@b.fr;CPIP\r`)],
  ['a line without an end', bytes(`${AGENTS}\n${'x'.repeat(300_000)}`)],
  ['ten thousand columns', bytes(`${AGENTS}${';x'.repeat(10_000)}\n`)],
  ['thousands of lines', bytes(`${COUNTS}\n${'2024-03;1;1;1;1;1\n'.repeat(20_000)}`)],
  ['the header twice', bytes(`${AGENTS}\n${AGENTS}\nA;B;a@b.fr;CPIP\n`)],
  ['a column twice', bytes('nom;nom;prenom;email;role\nA;A;B;a@b.fr;CPIP\n')],
  ['an archive', new Uint8Array(gzipSync('x'.repeat(1_000_000)))],
  ['the beginning of a workbook', new Uint8Array([0x50, 0x4b, 3, 4, ...Buffer.from('xl/workbook.xml')])],
  ['a page', bytes('<!doctype html><script>alert(1)</script>')],
];
const NAMES = ['a.csv', '../../etc/passwd', 'é€🦊.csv', '', 'x'.repeat(300), 'a"b\\c.csv', 'con.csv;.exe'];

let web: TestApp;
let service: Awaited<ReturnType<typeof aService>>;
let cookie: string;
let browser: Browser;

beforeAll(async () => {
  web = await startTestApp({ env: { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'msj@example.test' } });
  service = await aService(web.dataSource);
  const { organizationId } = service;
  cookie = (await aSignedInAgent(web.dataSource, { organizationId, role: 'local-admin' })).cookie;
  browser = new Browser(web.baseUrl, cookie);
});
afterAll(() => web.close());

function send(form: Form, act: string, name: string, content: Uint8Array<ArrayBuffer>): Promise<Answer> {
  const body = new FormData();
  const fields = { ...form.fields, act, formToken: randomUUID(), source: 'essai' };
  for (const [field, value] of Object.entries(fields)) {
    if (field === 'file' || (field === 'source' && form.action === '/agents/import')) continue;
    body.append(field, value);
  }
  body.append('file', new Blob([content]), name);
  return receive(
    fetch(web.baseUrl + form.action, { method: 'POST', body, headers: { cookie }, redirect: 'manual' }),
  );
}

const agents = async (): Promise<{ last: string; first: string }[]> =>
  web.dataSource.query(
    `SELECT last_name AS last, first_name AS first FROM agent WHERE email LIKE '%@torture.test' ORDER BY email`,
  );

describe.each(['/agents/import', '/rollouts/baseline'])('a file for %s', (path) => {
  it('is answered by a page whatever it holds and whatever it is called', async () => {
    const form = await browser.form(path, path);
    const faults: string[] = [];
    for (const [at, [what, content]] of FILES.entries())
      for (const act of ['check', 'apply']) {
        const { status, text } = await send(form, act, NAMES[at % NAMES.length] ?? '', content);
        if (![200, 303, 400].includes(status)) faults.push(`${what}, ${act}: ${status}`);
        if (/<script>alert|QueryFailedError/.test(text)) faults.push(`${what}, ${act}: echoed`);
      }
    expect(faults).toEqual([]);
  });
});

describe('names in a file of agents', () => {
  it('are stored as they stand there, or refused with their line', async () => {
    const form = await browser.form('/agents/import', '/agents/import');
    const cells = [
      ...[
        '=cmd|calc!A1',
        '+33612345678 Roi',
        '-Martin',
        '@Somme',
        "O'Brien-Lefèvre",
        'Œuvrard',
        'ÿ',
        'Nguyễn',
      ],
      ...HOSTILE_TEXTS.filter((text) => text.length <= 60),
    ];
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const wrong: string[] = [];
    for (const [at, cell] of cells.entries()) {
      const email = `n${String(at).padStart(4, '0')}@torture.test`;
      const before = await agents();
      const file = bytes(`${AGENTS}\n${quoted(cell)};Ada;${email};CPIP\n`);
      const { status, text } = await send(form, 'apply', 'a.csv', file);
      const added = (await agents()).slice(before.length);
      const expected = Buffer.from(cell, 'utf8')
        .toString('utf8')
        .normalize('NFC')
        .replace(/\s+/gu, ' ')
        .trim();
      if (status === 303 ? added[0]?.last !== expected : status !== 400 || added.length > 0)
        wrong.push(`${JSON.stringify(cell)}: ${status}, ${JSON.stringify(added)}`);
      if (/<script>alert/.test(text)) wrong.push(`${JSON.stringify(cell)}: echoed`);
    }
    expect(wrong).toEqual([]);
    expect((await agents()).map(({ last }) => last)).toContain("O'Brien-Lefèvre");
  });
});
