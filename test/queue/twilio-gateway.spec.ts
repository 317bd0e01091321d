import { Temporal } from 'temporal-polyfill';
import type { TwilioGateway } from '../../src/notifications/providers/twilio.gateway.js';
import { digest } from '../../src/shared/tokens.js';
import { twilioTo } from '../support/gateways.js';
import { type Behaviour, PlainOperator } from '../support/plain-operator.js';

const aMessage = (overrides: { body?: string; validitySeconds?: number } = {}) => ({
  attemptId: '00000000-0000-4000-8000-000000000001',
  recipient: '+33612345678',
  body: 'RDV mardi 9 juin 2026 a 9h30',
  callbackUrl: 'http://127.0.0.1:9/hooks/twilio/status/abc',
  validitySeconds: 3600,
  ...overrides,
});

describe('the Twilio client behind its port', () => {
  const operator = new PlainOperator();
  let gateway: TwilioGateway;
  beforeAll(async () => {
    await operator.start();
    gateway = twilioTo(operator.url);
  });
  afterAll(async () => {
    await gateway.close();
    await operator.stop();
  });

  it('posts the text as it is, with its callback and a bounded validity', async () => {
    operator.behaviour = () => 'accept';
    const body = 'Accents é è, 100 % & +, « œ » et 🙂\nfin';
    const outcome = await gateway.send(aMessage({ body, validitySeconds: 90_000 }));
    const kept = operator.accepted.at(-1);
    expect(outcome).toEqual({ result: 'accepted', operatorMessageId: kept?.sid });
    expect(kept).toMatchObject({
      body,
      from: 'MonSuiviJus',
      callback: aMessage().callbackUrl,
      validity: 36_000,
    });
  });

  it.each<[Behaviour, object]>([
    ['refuse-429', { result: 'not-sent', errorCode: '20429' }],
    ['refuse-21211', { result: 'refused', errorCode: '21211', optedOut: false }],
    ['refuse-21610', { result: 'refused', errorCode: '21610', optedOut: true }],
    ['refuse-500', { result: 'uncertain', errorCode: '20500' }],
    ['accept-then-500', { result: 'uncertain', errorCode: '20500' }],
    // Our sender or our account: nobody's number is to blame.
    ['refuse-21212', { result: 'not-sent', errorCode: '21212' }],
    ['refuse-21659', { result: 'not-sent', errorCode: '21659' }],
    ['refuse-21705', { result: 'not-sent', errorCode: '21705' }],
    ['refuse-21999', { result: 'refused', errorCode: '21999', optedOut: false }],
    // Pages without a code come from something in between.
    ['page-404', { result: 'not-sent', errorCode: '404' }],
    ['page-400', { result: 'uncertain', errorCode: '400' }],
    ['page-408', { result: 'uncertain', errorCode: '408' }],
    ['page-413', { result: 'uncertain', errorCode: '413' }],
    ['page-403', { result: 'not-sent', errorCode: '403' }],
  ])('%s', async (behaviour, outcome) => {
    operator.behaviour = () => behaviour;
    expect(await gateway.send(aMessage())).toEqual(outcome);
  });

  it('doubts a connection cut after the request, and not a refused one', async () => {
    operator.behaviour = () => 'accept-then-reset';
    expect(await gateway.send(aMessage())).toMatchObject({ result: 'uncertain' });
    const nobody = twilioTo('http://127.0.0.1:1');
    expect(await nobody.send(aMessage())).toEqual({ result: 'not-sent', errorCode: 'ECONNREFUSED' });
    await nobody.close();
  });

  it('finds its own text in the list, and nothing older, other or from elsewhere', async () => {
    operator.behaviour = () => 'accept';
    const body = 'un texte a retrouver';
    await gateway.send(aMessage({ body }));
    const since = Temporal.Now.instant();
    const query = { recipient: '+33612345678', sender: 'MonSuiviJus', bodyHash: digest(body), since };
    expect((await gateway.lookUp(query)).map((found) => found.operatorMessageId)).toEqual([
      operator.accepted.at(-1)?.sid,
    ]);
    expect(await gateway.lookUp({ ...query, bodyHash: digest('un autre') })).toEqual([]);
    expect(await gateway.lookUp({ ...query, sender: 'Autre' })).toEqual([]);
    expect(await gateway.lookUp({ ...query, since: since.add({ hours: 1 }) })).toEqual([]);
  });

  it('reaches, outside production, only the loopback and what is listed', () => {
    const real = { SEND_ALLOW_LIST: '+33612345678' };
    expect(twilioTo('https://api.twilio.com', real).mayReach('+33612345678')).toBe(true);
    expect(twilioTo('https://api.twilio.com', real).mayReach('+33699999999')).toBe(false);
    expect(gateway.mayReach('+33699999999')).toBe(true);
  });
});
