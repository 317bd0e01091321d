import { Looks } from '../support/looks.js';

/** An administrator has more pages than one test has time for. */
const PARTS = 4;

let looks: Looks;
beforeAll(async () => {
  looks = await Looks.open();
});
afterAll(() => looks.close());

it.each(Array.from({ length: PARTS }, (_, at) => ({ number: at + 1, of: PARTS })))(
  'has no fault on any page, wide or narrow, light or dark, for an administrator, part %j',
  async (part) => {
    expect(await looks.faultsFor('admin', part)).toEqual({});
  },
  600_000,
);
