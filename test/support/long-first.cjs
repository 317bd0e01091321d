const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes minutes, the longest first: begun last, each would keep one worker busy alone. */
const LONG = [
  'test/browser/looks-admin.spec.ts',
  'test/http/hostile-forms.spec.ts',
  'test/queue/killed-worker.spec.ts',
  'test/browser/looks.spec.ts',
  'test/demo/story.spec.ts',
  'test/http/hostile-api.spec.ts',
  'test/http/offers.spec.ts',
  'src/notifications/domain/cadence.days.spec.ts',
  'test/house/regular-expressions.spec.ts',
  'test/queue/two-operators.spec.ts',
  'test/browser/whole-path.spec.ts',
  'test/browser/absence.spec.ts',
  'test/queue/backup.spec.ts',
  'test/queue/drill-command.spec.ts',
  'test/http/matrix.spec.ts',
];

const place = ({ path }) => {
  const found = LONG.findIndex((name) => path.endsWith(name));
  return found < 0 ? LONG.length : found;
};

/** Jest's order, except that the long files come first whether or not it remembers how long they took. */
module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => place(a) - place(b));
  }
};
