import fc from 'fast-check';
import { Engine } from '../support/histories/engine.js';
import { aHistory, judged } from '../support/histories/history.js';
import type { Got } from '../support/histories/phones.js';

/** How many; `HISTORIES=2000` plays more. */
const RUNS = Number(process.env['HISTORIES'] ?? 15);
const HOUR = 3_600_000;

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.open();
});
afterAll(() => engine.close());

describe('any history of an office', () => {
  it(
    'never tells a phone what is wrong, twice, or at the wrong hour, and never forgets anybody',
    async () => {
      await fc.assert(
        fc.asyncProperty(aHistory, async (history) => {
          const { wrong, said } = await judged(engine, history);
          if (wrong.length > 0) throw new Error([...wrong, 'What happened:', ...said].join('\n'));
        }),
        { numRuns: RUNS },
      );
    },
    RUNS * 60_000,
  );
});

describe('the judge of histories', () => {
  afterEach(() => {
    engine.phones.bend = (got) => [got];
  });

  it.each<[string, (got: Got) => Got[], string]>([
    ['a text that came twice', (got) => [got, { ...got }], 'was told before'],
    ['a text that never came', () => [], 'nobody was reached and nobody was asked'],
    ['a text at night', (got) => [{ ...got, at: got.at + 14 * HOUR }], 'outside the hours'],
    ['a text to somebody else', (got) => [{ ...got, to: '+33699999910' }], 'went to somebody else'],
    ['another hour', (got) => [{ ...got, body: got.body.replace('h00', 'h59') }], 'nobody promised'],
    ['another day', (got) => [{ ...got, body: got.body.replace(/\d+ juin/, '30 juin') }], 'say the day'],
    ['another place', (got) => [{ ...got, body: got.body.replace('Alpha', 'Bravo') }], 'say the place'],
  ])('sees %s', async (_what, bend, sentence) => {
    engine.phones.bend = bend;
    const setup = { begins: '2026-06-09T08:00:00Z', closes: false, plan: 0, script: [] };
    const persons = [{ phone: 0, email: false, discreet: false }];
    const booking = { do: 'book', who: 0, where: 0, days: 3, hour: 10, told: true };
    const { wrong } = await judged(engine, { setup: { ...setup, persons }, acts: [booking] });
    expect(wrong.join()).toContain(sentence);
  });
});
