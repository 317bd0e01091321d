import { Env } from '../../config/env.js';
import { Secrets } from './secrets.js';

const holding = (...keys: string[]) => new Secrets(Object.assign(new Env(), { SECRET_KEYS: keys }));

describe('secrets', () => {
  const [old, recent] = ['o'.repeat(32), 'r'.repeat(32)];

  it('recognises what it signed, and nothing else', () => {
    const secrets = holding(recent);
    const signature = secrets.sign('cursor', 'text');
    expect(secrets.verify('cursor', 'text', signature)).toBe(true);
    expect(secrets.verify('cursor', 'texT', signature)).toBe(false);
    expect(secrets.verify('throttle', 'text', signature)).toBe(false);
    for (const forged of ['', 'x', signature.slice(1), `${signature}AAAA`])
      expect(secrets.verify('cursor', 'text', forged)).toBe(false);
  });

  it('signs with the newest key and still believes the others', () => {
    const before = holding(old).sign('cursor', 'text');
    const rotated = holding(recent, old);
    expect(rotated.verify('cursor', 'text', before)).toBe(true);
    expect(rotated.sign('cursor', 'text')).toBe(holding(recent).sign('cursor', 'text'));
    expect(holding(recent).verify('cursor', 'text', before)).toBe(false);
  });
});
