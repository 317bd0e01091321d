import { ValidationFailed } from '../../shared/domain-error.js';
import { type GivenWord, readWord } from './resume-word.js';

const faults = (given: GivenWord) => {
  try {
    return readWord(given, '2026-03-02', '2026-03-10');
  } catch (error) {
    if (!(error instanceof ValidationFailed)) throw error;
    return error.errors.map(({ field, code }) => `${field}:${code}`);
  }
};

it.each(['2026-03-02', '2026-03-07', '2026-03-10'])('takes a word said on %s', (saidOn) => {
  expect(faults({ means: 'phone', saidOn })).toEqual({ means: 'phone', saidOn });
});

it.each<[string, GivenWord, string[]]>([
  ['nothing', {}, ['wordMeans:required', 'wordSaidOn:required']],
  ['no means', { saidOn: '2026-03-05' }, ['wordMeans:required']],
  ['another means', { means: 'dream', saidOn: '2026-03-05' }, ['wordMeans:required']],
  ['no day', { means: 'letter' }, ['wordSaidOn:required']],
  ['a day that does not exist', { means: 'letter', saidOn: '2026-02-30' }, ['wordSaidOn:required']],
  ['a day to come', { means: 'letter', saidOn: '2026-03-11' }, ['wordSaidOn:in-the-future']],
  ['a day before the refusal', { means: 'in-person', saidOn: '2026-03-01' }, ['wordSaidOn:before-refusal']],
])('refuses %s', (_what, given, expected) => {
  expect(faults(given)).toEqual(expected);
});
