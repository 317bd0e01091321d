import fc from 'fast-check';
import { designFaults, drawWedge, periodsOf, servicesPerStep, type WedgeDesign } from './stepped-wedge.js';

const DESIGN: WedgeDesign = {
  organizationIds: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  ...{ seed: 'nanterre-2027', steps: 3, firstMonth: '2027-01', monthsPerStep: 2 },
  ...{ outcomesPerMonth: 60, rate: 0.3, effect: -0.05, icc: 0.02 },
};

const designs = fc
  .record({
    organizationIds: fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 40 }),
    seed: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    steps: fc.integer({ min: 1, max: 8 }),
    monthsPerStep: fc.integer({ min: 1, max: 6 }),
  })
  .map((drawn) => ({ ...DESIGN, ...drawn, steps: Math.min(drawn.steps, drawn.organizationIds.length) }));

describe('a stepped wedge', () => {
  it('gives every service one step, as evenly as can be, later steps never earlier', () => {
    fc.assert(
      fc.property(designs, (design) => {
        const rows = drawWedge(design);
        expect(new Set(rows.map(({ organizationId }) => organizationId))).toEqual(
          new Set(design.organizationIds),
        );
        expect(rows).toHaveLength(design.organizationIds.length);
        const sizes = servicesPerStep(design);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(rows.map(({ startsOn }) => startsOn)).toEqual(rows.map(({ startsOn }) => startsOn).sort());
        sizes.forEach((size, at) => expect(rows.filter(({ step }) => step === at + 1)).toHaveLength(size));
      }),
    );
  });

  it('is drawn again from its seed, whatever the order in which the services were chosen', () => {
    fc.assert(
      fc.property(designs, (design) => {
        const turned = { ...design, organizationIds: [...design.organizationIds].reverse() };
        expect(drawWedge(turned)).toEqual(drawWedge(design));
      }),
    );
  });

  it('favours nobody: over many seeds each service comes first about as often', () => {
    const first = new Map<string, number>();
    for (let seed = 0; seed < 3500; seed++) {
      const id = drawWedge({ ...DESIGN, seed: `s${seed}` })[0]?.organizationId ?? '';
      first.set(id, (first.get(id) ?? 0) + 1);
    }
    // 500 expected each, standard deviation 20.7: five of them either way.
    for (const count of first.values()) expect(Math.abs(count - 500)).toBeLessThan(104);
    expect(first.size).toBe(7);
  });

  it('has one period before the first step', () => {
    expect(periodsOf(DESIGN)).toEqual(['2026-11', '2027-01', '2027-03', '2027-05']);
    expect(new Set(drawWedge(DESIGN).map(({ startsOn }) => startsOn))).toEqual(
      new Set(['2027-01-01', '2027-03-01', '2027-05-01']),
    );
  });

  it.each([
    [{ organizationIds: ['a'] }, ['services', 'steps']],
    [{ steps: 8 }, ['steps']],
    [{ steps: Number.NaN }, ['steps']],
    [{ firstMonth: '2027-13' }, ['firstMonth']],
    [{ monthsPerStep: 0 }, ['monthsPerStep']],
    [{ outcomesPerMonth: 1.5 }, ['outcomesPerMonth']],
    [{ rate: Number.NaN }, ['rate', 'effect']],
    [{ effect: 0.05 }, ['effect']],
    [{ effect: -0.4 }, ['effect']],
    [{ icc: 0.9 }, ['icc']],
    [{ seed: 'a b' }, ['seed']],
    [{}, []],
  ])('with %j is refused for %j', (given, faults) => {
    expect(designFaults({ ...DESIGN, ...given })).toEqual(faults);
  });
});
