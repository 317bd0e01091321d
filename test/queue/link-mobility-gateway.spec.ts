import type { IncomingMessage, ServerResponse } from 'node:http';
import { startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import type { LinkMobilityGateway } from '../../src/notifications/providers/link-mobility.gateway.js';
import { linkMobilityTo } from '../support/gateways.js';
import { json as answerJson, PlainServer } from '../support/plain-server.js';

const aMessage = (overrides: { recipient?: string; body?: string; validitySeconds?: number } = {}) => ({
  attemptId: '00000000-0000-4000-8000-000000000001',
  recipient: '+33612345601',
  body: 'RDV mardi 9 juin 2026 a 9h30',
  callbackUrl: '',
  validitySeconds: 3600,
  ...overrides,
});

/** A server written apart from the simulator: it notes the request and answers what the test says. */
class NotedLink extends PlainServer {
  request: {
    method: string;
    url: string;
    authorization: string;
    type: string;
    form: URLSearchParams;
  } | null = null;
  answer: (response: ServerResponse) => void = accept;

  protected handle(request: IncomingMessage, form: URLSearchParams, response: ServerResponse): void {
    this.request = {
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization ?? '',
      type: request.headers['content-type'] ?? '',
      form,
    };
    this.answer(response);
  }
}

const json =
  (value: object, status = 200) =>
  (response: ServerResponse) => {
    answerJson(response, status, value);
  };
const accept = json({ responseCode: 0, responseMessage: 'Success', messageIds: ['42', '43'] });
const code = (responseCode: number) => json({ responseCode, responseMessage: 'no' });

describe('the LINK Mobility client behind its port', () => {
  const operator = new NotedLink();
  let gateway: LinkMobilityGateway;
  beforeAll(async () => {
    await operator.start();
    gateway = linkMobilityTo(operator.url);
  });
  afterAll(async () => {
    await gateway.close();
    await operator.stop();
  });

  it('posts a form in UTF-8 with the text as it is, its sender and how long it is worth delivering', async () => {
    operator.answer = accept;
    const body = 'Accents é è, 100 % & +, « œ » et 🙂\nfin';
    const outcome = await gateway.send(aMessage({ body, validitySeconds: 900_000.5 }));
    // One id for each part: reports name any of them.
    expect(outcome).toEqual({ result: 'accepted', operatorMessageId: '42,43' });
    expect(operator.request).toMatchObject({ method: 'POST', url: '/restapi/v1/sms/send' });
    expect(operator.request?.type).toMatch(/^application\/x-www-form-urlencoded; ?charset=utf-8$/i);
    expect(operator.request?.authorization).toBe(
      `Basic ${Buffer.from('account:pass:word').toString('base64')}`,
    );
    expect(Object.fromEntries(operator.request?.form ?? [])).toEqual({
      destinationAddress: '+33612345601',
      messageText: body,
      originatingAddress: 'MonSuiviJus',
      originatorTON: '1',
      maxConcatenatedMessages: '10',
      relativeValidityTime: '172800',
      correlationId: '00000000-0000-4000-8000-000000000001',
      statusReportFlags: '1',
    });
  });

  it('asks for no report when none could be believed', async () => {
    operator.answer = accept;
    const silent = linkMobilityTo(operator.url, { LINK_MOBILITY_CALLBACK_TOKEN: '' });
    await silent.send(aMessage());
    expect(operator.request?.form.has('statusReportFlags')).toBe(false);
    await silent.close();
  });

  it.each<[string, (response: ServerResponse) => void, object]>([
    ['16, a number it cannot route', code(16), { result: 'refused', errorCode: '16', optedOut: false }],
    ['100, an invalid number', code(100), { result: 'refused', errorCode: '100', optedOut: false }],
    ['15, a text too long', code(15), { result: 'refused', errorCode: '15', optedOut: false }],
    ['18, an empty account', code(18), { result: 'not-sent', errorCode: '18' }],
    ['103, a wrong account', code(103), { result: 'not-sent', errorCode: '103' }],
    ['a code we do not know, said before routing', code(77), { result: 'not-sent', errorCode: '77' }],
    ['a code of the network behind', code(202), { result: 'uncertain', errorCode: '202' }],
    ['a negative code', code(-1), { result: 'uncertain', errorCode: '-1' }],
    ['no code', json({}), { result: 'uncertain', errorCode: 'no-code' }],
    ['a code that is text', json({ responseCode: '0' }), { result: 'uncertain', errorCode: 'no-code' }],
    ['accepted without an id', json({ responseCode: 0 }), { result: 'uncertain', errorCode: 'no-id' }],
    [
      'accepted with an id that is none',
      json({ responseCode: 0, messageIds: ['42,43', {}] }),
      { result: 'uncertain', errorCode: 'no-id' },
    ],
    [
      'a page instead of JSON',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      { result: 'uncertain', errorCode: 'no-code' },
    ],
    ['HTTP 401', json({}, 401), { result: 'not-sent', errorCode: 'http-401' }],
    ['HTTP 403', json({}, 403), { result: 'not-sent', errorCode: 'http-403' }],
    ['HTTP 429', json({}, 429), { result: 'not-sent', errorCode: 'http-429' }],
    ['HTTP 502', json({}, 502), { result: 'uncertain', errorCode: 'http-502' }],
    ['HTTP 404', json({}, 404), { result: 'uncertain', errorCode: 'http-404' }],
    ['a cut', (response) => response.socket?.resetAndDestroy(), { result: 'uncertain' }],
  ])('%s', async (_name, answer, outcome) => {
    operator.answer = answer;
    expect(await gateway.send(aMessage())).toMatchObject(outcome);
  });

  it('is sure that nothing left when nobody listens', async () => {
    const nobody = linkMobilityTo('http://127.0.0.1:1');
    expect(await nobody.send(aMessage())).toEqual({ result: 'not-sent', errorCode: 'ECONNREFUSED' });
    await nobody.close();
  });

  it('keeps no list, and takes no address for one message', async () => {
    expect(await gateway.lookUp()).toBeNull();
    expect(gateway.callbackPath()).toBe('');
  });

  it('reaches, outside production, only the loopback and what is listed', async () => {
    const real = linkMobilityTo('https://europe.ipx.com', { SEND_ALLOW_LIST: '+33612345678' });
    expect(real.mayReach('+33612345678')).toBe(true);
    expect(real.mayReach('+33699999999')).toBe(false);
    expect(gateway.mayReach('+33699999999')).toBe(true);
    await real.close();
  });
});

describe('the LINK Mobility side of the simulator', () => {
  const start = (callbackUrl?: string) =>
    startOperatorSimulator({
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: 'token',
      receiptStepMs: 5,
      link: {
        account: 'account',
        password: 'pass:word',
        ...(callbackUrl === undefined ? {} : { callbackUrl }),
      },
    });

  it('takes a text on the same phones, and misbehaves by the last digits', async () => {
    const simulator = await start();
    const gateway = linkMobilityTo(simulator.linkUrl);
    try {
      const result = async (ending: string) =>
        (await gateway.send(aMessage({ recipient: `+336123456${ending}` }))).result;
      expect(await result('01')).toBe('accepted');
      expect(await result('91')).toBe('uncertain');
      expect(await result('92')).toBe('uncertain');
      expect(await result('93')).toBe('uncertain');
      expect(await result('99')).toBe('refused');
      expect([await result('94'), await result('94'), await result('94')]).toEqual([
        'not-sent',
        'not-sent',
        'accepted',
      ]);
      expect(await gateway.send(aMessage({ recipient: '+33147250000' }))).toMatchObject({ errorCode: '100' });
      expect(simulator.messages().map(({ to }) => to.slice(-2))).toEqual(['01', '91', '92', '94']);
      expect(await (await fetch(simulator.url)).text()).toContain('par LINK Mobility');
    } finally {
      await gateway.close();
      await simulator.stop();
    }
  });

  it('gives one id for each part of a text', async () => {
    const simulator = await start();
    const gateway = linkMobilityTo(simulator.linkUrl);
    try {
      const idsFor = async (body: string) => {
        const outcome = await gateway.send(aMessage({ body }));
        return outcome.result === 'accepted' ? outcome.operatorMessageId.split(',') : [];
      };
      expect(await idsFor('x'.repeat(160))).toHaveLength(1);
      const ids = await idsFor('x'.repeat(161));
      expect(new Set(ids).size).toBe(2);
      expect(ids[0]).toBe(simulator.messages().at(-1)?.sid);
      expect(await idsFor('ê'.repeat(135))).toHaveLength(3);
    } finally {
      await gateway.close();
      await simulator.stop();
    }
  });

  it('goes down and comes back alone', async () => {
    const simulator = await start();
    const gateway = linkMobilityTo(simulator.linkUrl);
    try {
      const control = (change: object) =>
        fetch(`${simulator.url}/control`, { method: 'POST', body: JSON.stringify(change) });
      await control({ linkDown: 'refuse' });
      expect(await gateway.send(aMessage())).toEqual({ result: 'not-sent', errorCode: 'ECONNREFUSED' });
      await control({ linkDown: '500' });
      expect((await gateway.send(aMessage())).result).toBe('uncertain');
      await control({ linkDown: false });
      expect((await gateway.send(aMessage())).result).toBe('accepted');
    } finally {
      await gateway.close();
      await simulator.stop();
    }
  });
});
