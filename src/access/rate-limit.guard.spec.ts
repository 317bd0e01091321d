import { EventEmitter } from 'node:events';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Env } from '../../config/env.js';
import { RateLimited } from '../platform/refusals.js';
import { Allow, Public } from './allow.decorator.js';
import { Limited } from './limited.decorator.js';
import { networkOf, RateLimitGuard } from './rate-limit.guard.js';
import type { RateLimiter } from './rate-limiter.js';

class Rooms {
  @Allow('person.read')
  list(): void {}

  @Allow('person.read')
  @Limited('search')
  search(): void {}

  @Public()
  open(): void {}

  @Public('by-token')
  link(): void {}

  forgotten(): void {}
}

@Limited('export')
class Files {
  @Allow('statistics.read')
  file(): void {}
}

@Public('by-token')
class Links {
  inherited(): void {}
}

interface Given {
  readonly ip?: string | undefined;
  readonly path?: string;
  readonly actor?: { readonly agentId: string | null; readonly apiKeyId: string | null };
  readonly isOff?: boolean;
  /** Class of which nothing is left. */
  readonly spent?: string;
}

const AGENT = { agentId: 'agent', apiKeyId: null };
const PROGRAM = { agentId: null, apiKeyId: 'key' };

/** What the guard counts of one request; `answer` plays its end. */
function ask(holder: abstract new () => object, handler: string, given: Given = {}) {
  const counted: string[] = [];
  const count = (what: string) => (limit: string, caller: string) => {
    counted.push(`${what} ${limit} ${caller}`);
    if (limit === given.spent) throw new RateLimited(1);
  };
  const limiter = { take: count('take'), check: count('check') } as unknown as RateLimiter;
  const { ip = '203.0.113.7', path = '/rooms', actor, isOff = false } = given;
  const request = { ip: 'ip' in given ? given.ip : ip, path, method: 'GET', actor };
  const response = Object.assign(new EventEmitter(), { statusCode: 200 });
  const context = {
    switchToHttp: () => ({ getRequest: () => request, getResponse: () => response }),
    getHandler: () => (holder.prototype as Record<string, unknown>)[handler],
    getClass: () => holder,
  } as unknown as ExecutionContext;
  const env = { RATE_LIMITS: isOff ? 'off' : 'on' } as unknown as Env;
  const guard = new RateLimitGuard(env, new Reflector(), limiter);
  const answer = (status: number) => {
    response.statusCode = status;
    response.emit('finish');
    return counted;
  };
  return { enter: () => guard.canActivate(context), counted, answer };
}

describe('what counts against a limit', () => {
  it.each<[string, abstract new () => object, string, Given, readonly string[]]>([
    ['a page of an agent: nothing', Rooms, 'list', { actor: AGENT }, []],
    ['a route nobody declared: the other guard refuses it', Rooms, 'forgotten', {}, []],
    ['a search by an agent', Rooms, 'search', { actor: AGENT }, ['take search agent']],
    ['a file taken by an agent, as its class says', Files, 'file', { actor: AGENT }, ['take export agent']],
    ['a search nobody asks for', Rooms, 'search', {}, []],
    ['a search by neither agent nor key', Rooms, 'search', { actor: { agentId: null, apiKeyId: null } }, []],
    ['each request of a key', Rooms, 'list', { actor: PROGRAM }, ['take api key']],
    ['a search by a key: as its other requests', Rooms, 'search', { actor: PROGRAM }, ['take api key']],
    ['a public page, by network and address', Rooms, 'open', {}, ['take public 203.0.113.7 GET /rooms']],
    ['a public page from nowhere', Rooms, 'open', { ip: undefined }, ['take public  GET /rooms']],
    ['a receipt of an operator', Rooms, 'link', { path: '/hooks/twilio/status/t' }, []],
    ['a look at the health', Rooms, 'open', { path: '/health' }, []],
    ['the measures', Rooms, 'open', { path: '/metrics' }, []],
    ['a style sheet', Rooms, 'open', { path: '/assets/a.css' }, []],
    [
      'a page that only begins alike',
      Rooms,
      'open',
      { path: '/healthy' },
      ['take public 203.0.113.7 GET /healthy'],
    ],
    [
      'a page that only ends alike',
      Rooms,
      'open',
      { path: '/s/assets/' },
      ['take public 203.0.113.7 GET /s/assets/'],
    ],
    ['anything while limits are off', Rooms, 'search', { actor: AGENT, isOff: true }, []],
  ])('%s', (_name, holder, handler, given, expected) => {
    const { enter, counted } = ask(holder, handler, given);
    expect(enter()).toBe(true);
    expect(counted).toEqual(expected);
  });

  it('is refused when nothing is left of it', () => {
    expect(ask(Rooms, 'search', { actor: AGENT, spent: 'search' }).enter).toThrow(RateLimited);
    expect(ask(Rooms, 'open', { spent: 'public' }).enter).toThrow(RateLimited);
    expect(ask(Rooms, 'list', { actor: PROGRAM, spent: 'api' }).enter).toThrow(RateLimited);
  });
});

describe('links that are guessed', () => {
  const asked = ['take public 203.0.113.7 GET /rooms', 'check guess 203.0.113.7'];

  it.each([
    ['on the page', Rooms, 'link'],
    ['on its class', Links, 'inherited'],
  ] as const)('count when they lead nowhere, wherever it says so: %s', (_name, holder, handler) => {
    const missed = ask(holder, handler);
    expect(missed.enter()).toBe(true);
    expect(missed.answer(404)).toEqual([...asked, 'take guess 203.0.113.7']);
  });

  it('do not count when they lead somewhere, nor where no link is asked for', () => {
    const found = ask(Rooms, 'link');
    found.enter();
    expect(found.answer(200)).toEqual(asked);
    const open = ask(Rooms, 'open');
    open.enter();
    expect(open.answer(404)).toEqual(asked.slice(0, 1));
  });

  it('are refused before they are looked up once too many were tried', () => {
    expect(ask(Rooms, 'link', { spent: 'guess' }).enter).toThrow(RateLimited);
  });

  it('disturb no answer that has left already', () => {
    const { enter, counted, answer } = ask(Rooms, 'link');
    enter();
    counted.push = () => {
      throw new RateLimited(1);
    };
    expect(() => answer(404)).not.toThrow();
  });
});

describe('a network', () => {
  it.each([
    ['192.0.2.9', '192.0.2.9'],
    ['::ffff:192.0.2.9', '192.0.2.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:2:ffff:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:3::1', '2001:db8:1:3::'],
    ['not an address', 'not an address'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
