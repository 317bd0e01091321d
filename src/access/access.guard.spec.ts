import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { Env } from '../../config/env.js';
import { asRequest, currentScope, type Scope } from '../platform/scope.js';
import type { Transaction } from '../platform/transaction.js';
import { Forbidden } from '../shared/domain-error.js';
import { AccessGuard } from './access.guard.js';
import type { Actor } from './actor.js';
import { Allow, Public, SignedIn } from './allow.decorator.js';
import type { CallerRequest } from './caller.decorators.js';
import { type Caller, currentCaller } from './current-caller.js';
import type { FormCheck } from './form-check.js';
import type { Identification } from './identification.port.js';
import { ForeignForm, Unauthenticated } from './refusals.js';
import type { SessionRules } from './session-rules.js';

class Rooms {
  @Allow('statistics.read')
  figures(): void {}

  @SignedIn()
  anyone(): void {}

  @Public()
  open(): void {}

  forgotten(): void {}
}

@Allow('console.use')
class Console {
  inherited(): void {}
}

const actor = (role: Actor['role']): Actor => ({
  ...{ agentId: 'agent', apiKeyId: null, role, organizationId: 'mine', organizationKind: 'spip' },
  timeZone: 'Europe/Paris',
  ...{ linkedOrganizationIds: [], headquartersOrganizationIds: [], isInterRessort: false },
});

interface Given {
  readonly role?: Actor['role'];
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly isSameSite?: boolean;
  readonly scopes?: readonly 'persons:read'[] | null;
  readonly isUnknown?: boolean;
  readonly id?: unknown;
}

interface Outcome {
  readonly request: CallerRequest;
  readonly scopes: readonly (Scope | undefined)[];
  readonly asked: readonly string[];
  readonly scope: Scope;
  readonly caller: Caller | null;
  readonly isLetIn: boolean;
}

/** Asks the guard for one route, and tells what it left behind. */
function ask(holder: object, handler: string, given: Given = {}): Promise<Outcome> {
  const headers = Object.entries(given.headers ?? { cookie: 'sid=session-token' });
  const request = {
    id: given.id ?? 'request',
    method: given.method ?? 'GET',
    path: given.path ?? '/figures',
    headers: Object.fromEntries(headers),
    body: given.body ?? {},
    get: (name: string) => headers.find(([header]) => header.toLowerCase() === name.toLowerCase())?.[1],
  } as unknown as CallerRequest;
  const asked: string[] = [];
  const scopes: (Scope | undefined)[] = [];
  const who = given.isUnknown === true ? undefined : actor(given.role ?? 'dpip');
  const identification = {
    ofSession: (_tx: EntityManager, token: string) => {
      asked.push(`session ${token}`);
      return Promise.resolve(who === undefined ? undefined : { actor: who, csrfToken: 'right' });
    },
    ofApiKey: (_tx: EntityManager, key: string) => {
      asked.push(`key ${key}`);
      return Promise.resolve(who === undefined ? undefined : { actor: who, scopes: given.scopes ?? null });
    },
  } as unknown as Identification;
  const transaction = {
    run: (work: (tx: unknown) => unknown, scope?: Scope) => {
      scopes.push(scope);
      return work({});
    },
  } as unknown as Transaction;
  const rules = { check: () => Promise.resolve(void asked.push('session rules')) } as unknown as SessionRules;
  const forms = { isSameSite: () => given.isSameSite ?? true } as unknown as FormCheck;
  const env = { PUBLIC_BASE_URL: 'http://localhost' } as Env;
  const guard = new AccessGuard(env, new Reflector(), transaction, identification, forms, rules);
  const context = {
    switchToHttp: () => ({ getRequest: () => request }),
    getHandler: () => (holder as { prototype: Record<string, unknown> }).prototype[handler],
    getClass: () => holder,
  } as unknown as ExecutionContext;
  return new Promise((resolve, reject) => {
    asRequest(request, () => {
      guard
        .canActivate(context)
        .then(
          (isLetIn) =>
            resolve({ request, scopes, asked, scope: currentScope(), caller: currentCaller(), isLetIn }),
          reject,
        );
    });
  });
}

describe('the guard', () => {
  it('refuses a route that declares nothing, whoever asks', async () => {
    await expect(ask(Rooms, 'forgotten', { role: 'admin' })).rejects.toThrow(
      new Forbidden('a route that nobody declared'),
    );
  });

  it('lets anybody in where it is public, and learns nothing of them', async () => {
    const { isLetIn, request, asked, scope } = await ask(Rooms, 'open', { headers: {} });
    expect([isLetIn, request.actor, asked]).toEqual([true, undefined, []]);
    expect(scope.kind).toBe('nobody');
  });

  it('lets the page of a proven link see what the link is about', async () => {
    class Links {
      @Public('by-token')
      link(): void {}
    }
    expect((await ask(Links, 'link', { headers: {} })).scope.kind).toBe('worker');
  });

  it('asks the table, for this very caller', async () => {
    expect((await ask(Rooms, 'figures')).isLetIn).toBe(true);
    await expect(ask(Rooms, 'figures', { role: 'cpip' })).rejects.toThrow(new Forbidden('statistics.read'));
    expect((await ask(Rooms, 'anyone', { role: 'cpip' })).isLetIn).toBe(true);
  });

  it('reads what the class declares when the handler says nothing', async () => {
    await expect(ask(Console, 'inherited')).rejects.toThrow(new Forbidden('console.use'));
    expect((await ask(Console, 'inherited', { role: 'admin' })).isLetIn).toBe(true);
  });

  it('keeps who asks, and what may be seen for them, for what follows', async () => {
    const { request, scope, scopes, asked } = await ask(Rooms, 'anyone');
    expect(request.actor).toEqual(actor('dpip'));
    expect(request.session).toMatchObject({ csrfToken: 'right' });
    expect(scope).toEqual({ kind: 'services', everywhere: false, organizationIds: ['mine'] });
    expect(scopes).toEqual([{ kind: 'worker' }]);
    expect(asked).toEqual(['session session-token', 'session rules']);
  });

  it('names who acts, and in which request, for the journal', async () => {
    const named = { agentId: 'agent', apiKeyId: null, impersonatorId: null, role: 'dpip' };
    const { caller } = await ask(Rooms, 'anyone');
    expect(caller).toEqual({ ...named, organizationId: 'mine', requestId: 'request' });
    expect((await ask(Rooms, 'anyone', { id: 12 })).caller?.requestId).toBe('12');
    expect((await ask(Rooms, 'anyone', { id: { odd: true } })).caller?.requestId).toBe('');
    expect((await ask(Rooms, 'open')).caller).toBeNull();
  });

  it.each([
    ['without a cookie', { headers: {} }],
    ['with a session nobody knows', { isUnknown: true }],
    ['without a key', { path: '/api/v1/persons', headers: {} }],
    ['with a key nobody knows', { path: '/api/v1/persons', headers: key('k'), isUnknown: true }],
    ['with something that is no key', { path: '/api/v1/persons', headers: key('a b') }],
    [
      'with a key after something else',
      { path: '/api/v1/persons', headers: { Authorization: 'x Bearer k' } },
    ],
    ['with a key too long', { path: '/api/v1/persons', headers: key('k'.repeat(201)) }],
    ['with a session where a key is asked', { path: '/api/v1/persons' }],
  ])('knows nobody %s', async (_name, given: Given) => {
    await expect(ask(Rooms, 'anyone', given)).rejects.toThrow(Unauthenticated);
  });
});

function key(value: string): Record<string, string> {
  return { Authorization: `Bearer ${value}` };
}

describe('a program', () => {
  const api = { path: '/api/v1/persons', headers: key('a-key_1') };

  it('is known by its key, and has no session', async () => {
    const { request, asked, scopes } = await ask(Rooms, 'figures', api);
    expect([request.actor, request.session]).toEqual([actor('dpip'), undefined]);
    expect(asked).toEqual(['key a-key_1', 'session rules']);
    expect(scopes).toEqual([{ kind: 'worker' }]);
  });

  it('does what its key is for, and no more', async () => {
    await expect(ask(Rooms, 'figures', { ...api, scopes: ['persons:read'] })).rejects.toThrow(
      new Forbidden('a scope of the key: statistics:read'),
    );
    await expect(ask(Console, 'inherited', { ...api, role: 'admin' })).rejects.toThrow(
      new Forbidden('a scope of the key: none'),
    );
    expect((await ask(Rooms, 'anyone', { ...api, scopes: ['persons:read'] })).isLetIn).toBe(true);
  });

  it('writes without the tokens of a form, from anywhere', async () => {
    const given = { ...api, method: 'POST', isSameSite: false, body: { firstName: 'Ada' } };
    expect((await ask(Rooms, 'anyone', given)).request.body).toEqual({ firstName: 'Ada' });
  });
});

describe('a form', () => {
  const form = { method: 'POST', body: { _csrf: 'right', formToken: 'a-form-token', note: 'x' } };

  it('passes with its token, which goes no further', async () => {
    const { request } = await ask(Rooms, 'anyone', form);
    expect(request.body).toEqual({ note: 'x' });
    expect(request.formToken).toBe('a-form-token');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is asked for its token: %s', async (method) => {
    await expect(ask(Rooms, 'anyone', { method, body: { _csrf: 'wrong' } })).rejects.toThrow(ForeignForm);
    await expect(ask(Rooms, 'anyone', { method, body: {} })).rejects.toThrow(ForeignForm);
  });

  it('from another site is refused before anybody is looked for', async () => {
    await expect(ask(Rooms, 'anyone', { ...form, isSameSite: false, isUnknown: true })).rejects.toThrow(
      ForeignForm,
    );
    await expect(ask(Rooms, 'open', { ...form, isSameSite: false })).rejects.toThrow(ForeignForm);
  });

  it('is nothing a reader or an operator sends', async () => {
    expect((await ask(Rooms, 'anyone', { isSameSite: false })).isLetIn).toBe(true);
    const hook = { method: 'POST', path: '/hooks/twilio/inbound', isSameSite: false };
    expect((await ask(Rooms, 'open', hook)).isLetIn).toBe(true);
    const elsewhere = { method: 'POST', path: '/x/hooks/', isSameSite: false };
    await expect(ask(Rooms, 'open', elsewhere)).rejects.toThrow(ForeignForm);
    const likeApi = { method: 'POST', path: '/x/api/', isSameSite: false };
    await expect(ask(Rooms, 'open', likeApi)).rejects.toThrow(ForeignForm);
  });

  it.each([
    ['too short', 'short12'],
    ['too long', 'x'.repeat(101)],
    ['with other letters', 'a form token'],
    ['with more after it', 'a-form-token!'],
    ['with more before it', '!a-form-token'],
    ['twice', ['a-form-token', 'a-form-token']],
    ['in a list', ['a-form-token']],
  ])('keeps no form token %s', async (_name, formToken) => {
    const { request } = await ask(Rooms, 'anyone', { ...form, body: { _csrf: 'right', formToken } });
    expect(request.formToken).toBeUndefined();
    expect(request.body).toEqual({});
  });
});
