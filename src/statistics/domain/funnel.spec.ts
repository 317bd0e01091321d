import fc from 'fast-check';
import { DELIVERIES } from './breakdown.js';
import { reminderFunnel } from './funnel.js';

const cell = fc.record({
  dimension: fc.constantFrom('reminder', 'summons', 'age'),
  value: fc.constantFrom(...DELIVERIES),
  attended: fc.nat(500),
  missed: fc.nat(500),
  excused: fc.nat(50),
});

describe('the funnel of the reminder', () => {
  it('goes from the convocation to the visit', () => {
    const of = (value: string, attended: number, missed: number) => ({
      ...{ dimension: 'reminder', value },
      ...{ attended, missed, excused: 0 },
    });
    const funnel = reminderFunnel([
      of('delivered', 70, 20),
      of('accepted', 5, 0),
      of('undelivered', 2, 3),
      of('not-handed-over', 1, 0),
      of('no-means', 2, 2),
      of('none', 1, 1),
    ]);
    expect(funnel).toEqual({
      ...{ known: 107, due: 101, handedOver: 100, delivered: 90, attended: 70 },
      absenceWhenDelivered: { missed: 20, known: 90 },
      absenceOtherwise: { missed: 6, known: 17 },
    });
  });

  it('only narrows, whatever the cells, and counts reminders alone', () => {
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        const { known, due, handedOver, delivered, attended, ...sides } = reminderFunnel(cells);
        const steps = [known, due, handedOver, delivered, attended];
        expect(steps).toEqual(steps.toSorted((a, b) => b - a));
        expect(sides.absenceWhenDelivered.known + sides.absenceOtherwise.known).toBe(known);
      }),
    );
  });
});
