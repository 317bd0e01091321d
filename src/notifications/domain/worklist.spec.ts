import fc from 'fast-check';
import { byUrgency, reasonsOf, RISK_REASONS, type RiskFacts, type RiskReason } from './worklist.js';

const calm: RiskFacts = {
  ...{
    taskOpen: false,
    arrived: true,
    onlyByEmail: false,
    toldByAgent: false,
    gaveUp: false,
    smsRefused: false,
    hasPhone: true,
  },
  ...{
    hasEmail: false,
    unconfirmed: false,
    waiting: false,
    toldStranger: false,
    wasAsked: false,
    problemDeclared: false,
    absences: 0,
    isFirst: false,
  },
};

const rows: readonly [string, Partial<RiskFacts>, readonly RiskReason[]][] = [
  ['a text arrived', {}, []],
  ['the reminder of tomorrow still waits for its hour', { arrived: false, waiting: true }, []],
  ['nothing arrived and nothing will leave', { arrived: false }, ['not-reached']],
  ['an agent is asked to reach the person otherwise', { arrived: false, taskOpen: true }, ['not-reached']],
  ['an agent gave up', { arrived: false, gaveUp: true, waiting: true }, ['not-reached']],
  ['an agent told the person', { arrived: false, toldByAgent: true }, []],
  ['no telephone, told by e-mail', { hasPhone: false, hasEmail: true }, ['no-phone']],
  ['refuses texts', { smsRefused: true, arrived: false, waiting: true }, ['refuses-texts']],
  ['answered by text', { problemDeclared: true }, ['problem-declared']],
  ['one absence', { absences: 1 }, []],
  ['two absences', { absences: 2 }, ['two-absences']],
  [
    'first appointment, and no telephone',
    { isFirst: true, hasPhone: false },
    ['no-phone', 'first-appointment'],
  ],
];

it.each(rows)('%s', (_name, facts, reasons) => {
  expect(reasonsOf({ ...calm, ...facts })).toEqual(reasons);
});

const reasons = fc
  .uniqueArray(fc.constantFrom(...RISK_REASONS), { minLength: 1 })
  .map((found) => RISK_REASONS.filter((reason) => found.includes(reason)));
const entry = fc.record({ reasons, startsAt: fc.date({ noInvalidDate: true }) });

it('puts the most pressing reason first and, for one reason, the soonest', () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const sorted = [...entries].sort(byUrgency);
      sorted.slice(1).forEach((later, at) => {
        const earlier = sorted[at];
        if (earlier === undefined) return;
        const [a, b] = [earlier, later].map(({ reasons: [first] }) =>
          RISK_REASONS.indexOf(first ?? 'not-reached'),
        );
        expect(a).toBeLessThanOrEqual(b ?? -1);
        if (a === b) expect(earlier.startsAt.getTime()).toBeLessThanOrEqual(later.startsAt.getTime());
      });
    }),
  );
});
