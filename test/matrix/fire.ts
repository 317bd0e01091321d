import { Pool } from 'undici';
import { type KnownForms, payloadOf } from './bodies.js';
import type { Cell } from './cells.js';
import type { World } from './world.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Connections are kept: a run asks some ten thousand times. */
export class Fire {
  private readonly pool: Pool;

  constructor(
    private readonly baseUrl: string,
    private readonly world: World,
    private readonly forms: KnownForms,
  ) {
    this.pool = new Pool(baseUrl, { connections: 6, pipelining: 1, headersTimeout: 120_000 });
  }

  async cell({ route, caller, address, fields }: Cell): Promise<Answer> {
    const payload = payloadOf(route, this.world[caller.home], caller.csrfToken, this.forms, fields);
    return this.send(
      route.method,
      address,
      {
        ...(route.path.startsWith('/api/') ? bearer(caller.apiKey) : cookie(caller.cookie)),
        ...(payload === undefined ? {} : { 'content-type': payload.type }),
        ...(route.method === 'PATCH' ? { 'if-match': '"2020-01-01T00:00:00.000Z"' } : {}),
      },
      payload?.body,
    );
  }

  async send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Answer> {
    const answer = await this.pool.request({
      method,
      path,
      headers: { ...headers, 'sec-fetch-site': 'same-origin', origin: new URL(this.baseUrl).origin },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.body.text();
    const flat = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
    return { status: answer.statusCode, headers: Object.fromEntries(flat), text };
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

const bearer = (key: string): Record<string, string> =>
  key === '' ? {} : { authorization: `Bearer ${key}` };
const cookie = (value: string): Record<string, string> => (value === '' ? {} : { cookie: value });

/** At most so many at once; in the order given. */
export async function inOrder<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const lane = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
