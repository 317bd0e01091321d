import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadEnv, VARIABLES } from './load-env.js';

const read = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');

interface Compose {
  readonly services: Readonly<Record<string, { readonly environment?: Readonly<Record<string, unknown>> }>>;
}

const { services } = parse(read('docker-compose.yml'), { merge: true }) as Compose;
/** `NAME=value` of the example, commented or not. */
const EXAMPLES = [...read('config/env.example').matchAll(/^#?([A-Z][A-Z_]+)=(.*)$/gm)].map(
  ([, name = '', value = '']) => ({ name, value }),
);

describe('what is written of the environment', () => {
  it('names every variable in the example', () => {
    const named = EXAMPLES.map(({ name }) => name);
    expect(VARIABLES.filter((name) => !named.includes(name))).toEqual([]);
  });

  it('lets a shell read the example: set -a; . .env', () => {
    const isPlain = (value: string) => /^[\w:/.@+,-]*$|^"[^"$`\\]*"$/.test(value);
    expect(EXAMPLES.filter(({ value }) => !isPlain(value))).toEqual([]);
  });

  it.each(['web', 'worker'])('reaches the container %s whole', (service) => {
    const passed = Object.keys(services[service]?.environment ?? {});
    expect(VARIABLES.filter((name) => !passed.includes(name))).toEqual(['DATABASE_OWNER_URL']);
  });

  it('reaches the container that migrates, with the owner', () => {
    expect(Object.keys(services['migrate']?.environment ?? {})).toContain('DATABASE_OWNER_URL');
  });

  it('takes what compose passes on blank as left out', () => {
    const enough = {
      APP_ENV: 'test',
      PUBLIC_BASE_URL: 'https://suivi.example',
      DATABASE_URL: 'postgresql://app:secret@localhost:5432/msj',
      SECRET_KEYS: 's'.repeat(32),
    };
    const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
    expect(loadEnv({ ...blank, ...enough })).toEqual(loadEnv(enough));
  });
});
