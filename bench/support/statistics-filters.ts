import type { AttendanceGroup } from '../../src/statistics/attendance.query.js';
import type { FigureFilter } from '../../src/statistics/monthly-figures.query.js';
import type { StatisticsWorld } from './statistics-world.js';

export interface RandomFilter {
  readonly months: FigureFilter;
  readonly request: {
    readonly organizationId: string;
    readonly from: string;
    readonly to: string;
    readonly groupBy: AttendanceGroup;
  };
}

const TYPES = ['suivi-spip', 'convocation-741-1', 'rdv-telephonique', 'visite-domicile', 'rappel-spip'];
const DAY_MS = 86_400_000;

/** The same ones for the same seed, around the same today. */
export function* randomFilters(
  { services, placesOf }: StatisticsWorld,
  { filters, seed }: { readonly filters: number; readonly seed: number },
): Generator<RandomFilter> {
  const draw = uniform(seed);
  const pick = <T>(of: readonly T[]): T | undefined => of[Math.floor(draw() * of.length)];
  const chance = () => draw() < 0.5;
  const day = (least: number, most: number) =>
    new Date(Date.now() + Math.round(least + draw() * (most - least)) * DAY_MS).toISOString().slice(0, 10);
  for (let i = 0; i < filters; i++) {
    const organizationId = pick(services) ?? '';
    const from = day(-740, -1);
    const to = chance() ? day(-3, 3) : day(-700, 40);
    const typeCodes = chance() ? undefined : TYPES.filter(chance);
    const isOfOne = i % 2 === 0;
    const placeId = isOfOne && chance() ? pick(placesOf.get(organizationId) ?? []) : undefined;
    yield {
      months: {
        ...(isOfOne ? { organizationIds: [organizationId] } : {}),
        ...{ typeCodes, placeId, from: from.slice(0, 7), to: to.slice(0, 7) },
      },
      request: { organizationId, from, to, groupBy: pick(['month', 'type', 'place'] as const) ?? 'month' },
    };
  }
}

/** Mulberry32: good enough to choose filters, and the same everywhere. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
