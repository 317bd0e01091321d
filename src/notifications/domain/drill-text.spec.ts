import { drillText, isDrillText } from './drill-text.js';

it.each([1, 9, 104])('text %d of a drill is known by its words', (rank) => {
  expect(isDrillText(drillText(rank))).toBe(true);
});

it.each([
  '',
  '(1)',
  'Essai technique. Rien à faire.',
  `${drillText(1)} Convocation le 9 juin`,
  `SPIP : ${drillText(1)}`,
])('« %s » is none', (body) => {
  expect(isDrillText(body)).toBe(false);
});
