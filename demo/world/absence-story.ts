/** What absence does at one service of the demo, before and after its roll-out. */
export interface AbsenceStory {
  /** Months between the roll-out and the first start of the demo; below 0, it is still to come. */
  readonly monthsSinceRollOut: number;
  /** Months whose convocations are told one by one at the first start; before them there are imported counts. */
  readonly monthsRecorded: number;
  /** Months of imported counts before those: of before the roll-out, and of its first time in another tool. */
  readonly monthsImported: number;
  /** Absence rate at the roll-out without it, as a share. */
  readonly rate: number;
  /** What the roll-out changed, as a difference of rates: -0.08 is eight points less. */
  readonly effect: number;
  /** Share of the past that nobody marked. */
  readonly unmarked: number;
  /** Convocations in an ordinary month of the imported counts, near those that are told one by one. */
  readonly perMonth: number;
}

/** Months of imported counts everywhere: the comparison of services needs the same calendar. */
const TOLD = 55;
/** Told one by one: more would make the first start wait, and the estimates read monthly counts. */
const MONTHS_RECORDED = 14;

const TOLD_IN_PART = { monthsRecorded: MONTHS_RECORDED, monthsImported: TOLD - MONTHS_RECORDED } as const;

const small = (monthsSinceRollOut: number, rate: number, perMonth: number): AbsenceStory => ({
  monthsSinceRollOut,
  ...TOLD_IN_PART,
  rate,
  effect: -0.055,
  unmarked: 0.001,
  perMonth,
});
const court = (monthsSinceRollOut: number): AbsenceStory => ({
  ...small(monthsSinceRollOut, 0.29, 0),
  monthsImported: 0,
});

/**
 * Three large services with 24 months and more on each side: a clear fall, a smaller one, and one of which nothing can
 * be concluded because one outcome in sixteen is never marked. Seven small ones followed later, two of them are still
 * to start. The courts began with their probation service and imported nothing.
 */
const STORIES: Readonly<Record<string, AbsenceStory>> = {
  'spip-92': {
    ...TOLD_IN_PART,
    monthsSinceRollOut: 31,
    ...{ rate: 0.31, effect: -0.08, unmarked: 0.002, perMonth: 222 },
  },
  'spip-973': {
    ...TOLD_IN_PART,
    monthsSinceRollOut: 28,
    ...{ rate: 0.325, effect: -0.045, unmarked: 0.002, perMonth: 254 },
  },
  'spip-974': {
    ...TOLD_IN_PART,
    monthsSinceRollOut: 25,
    ...{ rate: 0.3, effect: -0.03, unmarked: 0.065, perMonth: 76 },
  },
  'tj-92': court(31),
  'tj-973': court(28),
  'tj-974': court(25),
  'spip-972': small(14, 0.32, 24),
  'spip-976': small(12, 0.28, 24),
  'spip-978': small(9, 0.3, 24),
  'spip-987': small(7, 0.33, 22),
  'spip-988': small(5, 0.29, 20),
  'spip-975': small(-1, 0.27, 24),
  'spip-986': small(-2, 0.31, 25),
};

const SEASON: Readonly<Record<string, number>> = { '07': 0.02, '08': 0.055, '12': 0.03 };
/** Everywhere, whatever the service does, a month. */
const TREND = -0.0004;

export function storyOf(service: string): AbsenceStory {
  const found = STORIES[service];
  if (found === undefined) throw new Error(`no story of absence at ${service}`);
  return found;
}

/**
 * Probability that an outcome of that day is an absence, for an average person.
 * @param monthsAfter months since the roll-out; below 0 before it
 */
export function absenceOn(story: AbsenceStory, date: string, monthsAfter: number): number {
  const season = SEASON[date.slice(5, 7)] ?? -0.01;
  return story.rate + season + TREND * monthsAfter + (monthsAfter < 0 ? 0 : story.effect);
}
