import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { asset } from '../support/assets.js';
import { freePort } from '../support/free-port.js';
import { close, listen, numberParameter, send, sendHtml, sendJson } from '../support/http.js';
import { mailsPage } from './mails-page.js';
import { type Mail, readMail } from './read-mail.js';

export interface MailCatcherOptions {
  /** Of the page; 0, the default: any free one. */
  readonly port?: number;
  readonly smtpPort?: number;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** Keeps the mails from one run to the next. */
  readonly dataFile?: string;
}

export interface MailCatcher {
  /** Of the page and of `/messages`. */
  readonly url: string;
  readonly smtpUrl: string;
  /** Oldest first; one entry for each recipient. */
  messages(to?: string): readonly Mail[];
  stop(): Promise<void>;
}

/** Takes every mail it is given and shows it; nothing leaves. */
export async function startMailCatcher(options: MailCatcherOptions = {}): Promise<MailCatcher> {
  const host = options.host ?? '127.0.0.1';
  const mails = kept(options.dataFile);
  const smtp = smtpServer((received) => {
    mails.push(...received);
    if (options.dataFile === undefined) return;
    for (const mail of received)
      appendFileSync(options.dataFile, `${JSON.stringify(mail)}\n`, { mode: 0o600 });
  });
  const smtpPort = options.smtpPort ?? (await freePort());
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject);
    smtp.listen(smtpPort, host, resolve);
  });
  const to = (address?: string) => mails.filter((mail) => address === undefined || mail.to === address);
  const web = createServer((request, response) => serve(request, response, to));
  const port = await listen(web, options.port ?? 0, host);
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host;
  return {
    url: `http://${shown}:${port}`,
    smtpUrl: `smtp://${shown}:${smtpPort}`,
    messages: to,
    stop: () => stop(smtp, web),
  };
}

function kept(dataFile: string | undefined): Mail[] {
  if (dataFile === undefined || !existsSync(dataFile)) return [];
  return readFileSync(dataFile, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Mail);
}

function smtpServer(received: (mails: Mail[]) => void): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (_auth, _session, done) => done(null, { user: 'anyone' }),
    onData: (stream, session, done) => {
      collect(stream, session).then(
        (mails) => {
          received(mails);
          done();
        },
        (error: unknown) => done(error instanceof Error ? error : new Error('unreadable mail')),
      );
    },
  });
}

async function collect(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Mail[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const { mailFrom, rcptTo } = session.envelope;
  const from = mailFrom === false ? '' : mailFrom.address;
  const content = readMail(Buffer.concat(chunks).toString('utf8'));
  const at = new Date().toISOString();
  return rcptTo.map(({ address }) => ({ to: address, from, at, ...content }));
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  mails: (to?: string) => readonly Mail[],
): void {
  const url = new URL(request.url ?? '/', 'http://mail');
  const to = numberParameter(url.searchParams.get('to'));
  const file = asset(import.meta.url, url.pathname);
  if (file !== undefined) send(response, 200, file.type, file.content);
  else if (url.pathname === '/messages') sendJson(response, 200, mails(to));
  else if (url.pathname === '/') sendHtml(response, 200, mailsPage(mails(to), to));
  else sendJson(response, 404, { message: 'not found' });
}

async function stop(smtp: SMTPServer, web: Server): Promise<void> {
  await Promise.all([new Promise<void>((resolve) => smtp.close(() => resolve())), close(web)]);
}
