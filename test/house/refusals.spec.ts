import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATUS } from '../../src/platform/problem-json.filter.js';
import { SENTENCES } from '../../src/ui/refusals.js';

const SOURCE = join(__dirname, '../../src');

/** Every class that refuses, with its code, as written in the source. */
function refusals(): { readonly name: string; readonly code: string | undefined }[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.spec)\.tsx?$/.test(file),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(SOURCE, file), 'utf8');
    return [
      ...text.matchAll(/class (\w+) extends (?:DomainError|NotFound|Forbidden|Conflict|ValidationFailed)\b/g),
    ].map((found) => ({
      name: `${found[1]} (${file})`,
      code: /readonly code = '([a-z-]+)'/.exec(text.slice(found.index).split(/\n}\n/)[0] ?? '')?.[1],
    }));
  });
}

describe('refusals', () => {
  const all = refusals();

  it('are found in the source', () => {
    expect(all.length).toBeGreaterThan(10);
  });

  it.each(all.map(({ name, code }) => [name, code]))(
    '%s has a status and a French sentence',
    (_name, code) => {
      expect(code).toBeDefined();
      expect(STATUS).toHaveProperty([code ?? '']);
      expect(SENTENCES).toHaveProperty([code ?? '']);
    },
  );

  it('have exactly the statuses of the public contract', () => {
    expect(STATUS).toEqual({
      validation: 400,
      unauthenticated: 401,
      forbidden: 403,
      'not-found': 404,
      ...Object.fromEntries(
        [
          'slot-full',
          'slot-closed',
          'illegal-transition',
          'too-early',
          'too-late',
          'duplicate-person',
          'conflict',
          'idempotency-conflict',
          'person-archived',
        ].map((code) => [code, 409]),
      ),
      ...Object.fromEntries(
        [
          'in-the-past',
          'too-far-ahead',
          'closed-day',
          'nonexistent-local-time',
          'phone-invalid',
          'type-not-allowed',
        ].map((code) => [code, 422]),
      ),
      'rate-limited': 429,
    });
  });
});
