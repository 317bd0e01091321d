import { QueryFailedError } from 'typeorm';
import { isDatabaseGone } from './database.js';

const withCode = (message: string, code: string) => Object.assign(new Error(message), { code });

describe('a database that is not there', () => {
  it.each([
    ['refuses', withCode('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED')],
    ['was restarted under a query', new QueryFailedError('SELECT 1', [], withCode('terminating', '57P01'))],
    ['crashed', new QueryFailedError('SELECT 1', [], withCode('crash of another server process', '57P02'))],
    [
      'cut the connection',
      new QueryFailedError('SELECT 1', [], new Error('Connection terminated unexpectedly')),
    ],
    ['has no connection left', new Error('timeout exceeded when trying to connect')],
    ['is silent', new QueryFailedError('SELECT 1', [], new Error('PostgreSQL is silent'))],
  ])('is known by its error: it %s', (_how, error) => {
    expect(isDatabaseGone(error)).toBe(true);
  });

  it('is not what a wrong query or a bug looks like', () => {
    expect(isDatabaseGone(new QueryFailedError('SELECT x', [], withCode('no such column', '42703')))).toBe(
      false,
    );
    expect(isDatabaseGone(new TypeError('x is not a function'))).toBe(false);
    expect(isDatabaseGone('57P01')).toBe(false);
  });
});
