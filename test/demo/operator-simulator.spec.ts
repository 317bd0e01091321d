import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import twilio from 'twilio';
import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { readBody } from '../../demo/support/http.js';
import { waitFor } from '../../demo/support/processes.js';

const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'token-of-the-simulator';

interface Callback {
  readonly path: string;
  readonly signature: string;
  readonly parameters: Record<string, string>;
}

describe('the operator simulator', () => {
  let simulator: OperatorSimulator;
  let application: Server;
  let applicationUrl: string;
  const callbacks: Callback[] = [];

  beforeAll(async () => {
    simulator = await startOperatorSimulator({ accountSid, authToken, receiptStepMs: 5 });
    application = createServer((request, response) => {
      void readBody(request).then((body) => {
        const parameters = Object.fromEntries(new URLSearchParams(body));
        callbacks.push({
          path: request.url ?? '',
          signature: String(request.headers['x-twilio-signature']),
          parameters,
        });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    applicationUrl = `http://127.0.0.1:${(application.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await simulator.stop();
    application.closeAllConnections();
    await new Promise((resolve) => application.close(resolve));
  });

  const client = (timeout = 30_000, token = authToken) => {
    const made = twilio(accountSid, token, { httpClient: new twilio.RequestClient({ timeout }) });
    made.api.baseUrl = simulator.url;
    return made;
  };
  const send = (to: string, more: Record<string, unknown> = {}) =>
    client().messages.create({ to, from: 'MonSuivi', body: 'Bonjour, à demain 9h30', ...more });
  const statuses = (path: string) =>
    callbacks.filter((c) => c.path === path).map((c) => c.parameters['MessageStatus']);
  const callbackAt = (path: string) => ({ statusCallback: `${applicationUrl}${path}` });

  it('takes a text from the real client and shows it on the phone', async () => {
    const sent = await send('+33612345601', { validityPeriod: 3600 });
    expect(sent).toMatchObject({ status: 'queued', to: '+33612345601', from: 'MonSuivi', numSegments: '1' });
    expect(Math.abs(Date.now() - sent.dateCreated.getTime())).toBeLessThan(60_000);
    const answer = await fetch(`${simulator.url}/messages?to=+33612345601`);
    expect(await answer.json()).toEqual([
      {
        sid: sent.sid,
        to: '+33612345601',
        from: 'MonSuivi',
        body: 'Bonjour, à demain 9h30',
        at: expect.stringMatching(/Z$/),
        status: expect.any(String),
      },
    ]);
    expect(await (await fetch(simulator.url)).text()).toContain('Bonjour, à demain 9h30');
  });

  it('calls back with receipts the real client finds well signed', async () => {
    const { sid } = await send('+33612345602', callbackAt('/hook/a?x=1'));
    expect(await waitFor(() => statuses('/hook/a?x=1').length === 3, 60_000)).toBe(true);
    expect(statuses('/hook/a?x=1')).toEqual(['queued', 'sent', 'delivered']);
    const last = callbacks.at(-1);
    expect(last?.parameters).toMatchObject({
      MessageSid: sid,
      AccountSid: accountSid,
      To: '+33612345602',
      From: 'MonSuivi',
    });
    expect(
      twilio.validateRequest(
        authToken,
        last?.signature ?? '',
        `${applicationUrl}/hook/a?x=1`,
        last?.parameters ?? {},
      ),
    ).toBe(true);
    expect((await client().messages(sid).fetch()).status).toBe('delivered');
  });

  it('lets one answer from a phone, in a text the real client finds well signed', async () => {
    const number = '+33612345605';
    await send(number, callbackAt('/hooks/twilio/status/token'));
    const page = await (await fetch(`${simulator.url}/?to=${encodeURIComponent(number)}`)).text();
    expect(page).toContain('action="/reply"');
    const body = new URLSearchParams({ from: number, text: 'Non <b>merci</b>' });
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await fetch(`${simulator.url}/reply`, { method: 'POST', body, headers: foreign })).status).toBe(
      403,
    );
    const answer = await fetch(`${simulator.url}/reply`, { method: 'POST', body, redirect: 'manual' });
    expect(answer.status).toBe(303);
    const [told, ...more] = callbacks.filter(({ path }) => path === '/hooks/twilio/inbound');
    expect(more).toEqual([]);
    expect(told?.parameters).toMatchObject({ From: number, To: 'MonSuivi', Body: 'Non <b>merci</b>' });
    const url = `${applicationUrl}/hooks/twilio/inbound`;
    expect(twilio.validateRequest(authToken, told?.signature ?? '', url, told?.parameters ?? {})).toBe(true);
    const after = await (await fetch(`${simulator.url}/?to=${encodeURIComponent(number)}`)).text();
    expect(after).toContain('Non &lt;b&gt;merci&lt;/b&gt;');
    expect(await simulator.reply('+33600000000', 'Bonjour')).toBeNull();
  });

  it('lists by number, newest first, page after page', async () => {
    for (const n of [1, 2, 3, 4, 5]) await send('+33612345603', { body: `texte ${n}` });
    const bodies = (await client().messages.list({ to: '+33612345603', pageSize: 2 })).map((m) => m.body);
    expect(bodies).toEqual(['texte 5', 'texte 4', 'texte 3', 'texte 2', 'texte 1']);
    const day = new Date();
    expect(
      await waitFor(
        async () => (await client().messages.list({ to: '+33612345603', dateSent: day })).length === 5,
        60_000,
      ),
    ).toBe(true);
    expect(
      await client().messages.list({ to: '+33612345603', dateSentBefore: new Date(Date.now() - 86_400_000) }),
    ).toEqual([]);
  });

  it('forgets a text when asked', async () => {
    const { sid } = await send('+33612345604');
    expect((await client().messages(sid).update({ body: '' })).body).toBe('');
  });

  it.each([
    [
      'a wrong token',
      () => client(undefined, 'another').messages.create({ to: '+33612345605', from: 'M', body: 'x' }),
      401,
      20003,
    ],
    ['a landline', () => send('+33145678901'), 400, 21614],
    ['no number', () => send('0612345678'), 400, 21211],
    ['no text', () => send('+33612345605', { body: '' }), 400, 21602],
    ['…93', () => send('+33612345693'), 500, 20500],
    ['…99', () => send('+33612345699'), 400, 21610],
  ])('refuses %s', async (_, attempt, status, code) => {
    await expect(attempt()).rejects.toMatchObject({ status, code });
  });

  it.each([
    ['…90, then hangs', '+33612345690'],
    ['…91, then fails', '+33612345691'],
    ['…92, then cuts the line', '+33612345692'],
  ])('accepts %s', async (_, to) => {
    const impatient = client(2_000).messages.create({ to, from: 'MonSuivi', body: 'Bonjour' });
    await expect(impatient).rejects.toBeDefined();
    expect(simulator.messages(to)).toHaveLength(1);
  });

  it('…94 asks twice to slow down', async () => {
    await expect(send('+33612345694')).rejects.toMatchObject({ status: 429, code: 20429 });
    await expect(send('+33612345694')).rejects.toMatchObject({ status: 429 });
    await expect(send('+33612345694')).resolves.toMatchObject({ status: 'queued' });
  });

  it.each([
    [
      '…95 repeats its receipts',
      '+33612345695',
      ['queued', 'queued', 'sent', 'sent', 'delivered', 'delivered'],
    ],
    ['…96 sends its receipts out of order', '+33612345696', ['delivered', 'sent', 'queued']],
    ['…98 ends undelivered', '+33612345698', ['queued', 'sent', 'undelivered']],
  ])('%s', async (_, to, expected) => {
    const path = `/hook/${to.slice(-2)}`;
    await send(to, callbackAt(path));
    expect(await waitFor(() => statuses(path).length === expected.length, 60_000)).toBe(true);
    expect(statuses(path)).toEqual(expected);
    if (to.endsWith('98')) expect(callbacks.at(-1)?.parameters['ErrorCode']).toBe('30003');
  });

  it('…97 never calls back', async () => {
    const { sid } = await send('+33612345697', callbackAt('/hook/97'));
    expect(
      await waitFor(async () => (await client().messages(sid).fetch()).status === 'delivered', 60_000),
    ).toBe(true);
    expect(statuses('/hook/97')).toEqual([]);
  });

  it('goes down and comes back', async () => {
    await simulator.control({ down: '500' });
    await expect(send('+33612345606')).rejects.toMatchObject({ status: 500 });
    await simulator.control({ down: true });
    await expect(send('+33612345606')).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNREFUSED|ECONNRESET/),
    });
    await simulator.control({ down: false });
    await expect(send('+33612345606')).resolves.toMatchObject({ status: 'queued' });
    expect(simulator.messages('+33612345606')).toHaveLength(1);
  });

  it('keeps its log and its messages from one run to the next', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'msj-operator-'));
    const options = { accountSid, authToken, dataFile: join(folder, 'operator.jsonl') };
    const first = await startOperatorSimulator({ ...options, control: { clockOffsetMs: 86_400_000 } });
    const speaker = twilio(accountSid, authToken);
    speaker.api.baseUrl = first.url;
    await speaker.messages.create({ to: '+33612345607', from: 'M', body: 'gardé' });
    await first.stop();
    const second = await startOperatorSimulator(options);
    expect(second.messages().map((m) => m.body)).toEqual(['gardé']);
    const [entry] = second.log();
    expect(Date.parse(entry?.simulatedAt ?? '') - Date.parse(entry?.at ?? '')).toBe(86_400_000);
    await second.stop();
    rmSync(folder, { recursive: true });
  });
});
