import { absenceOn, storyOf } from './absence-story.js';
import { Chance } from './chance.js';
import { monthsBetween } from './days.js';

export type Outcome = 'attended' | 'missed' | 'excused' | 'cancelled' | 'booked';

export interface OutcomeOdds {
  readonly personId: string;
  readonly service: string;
  readonly date: string;
  readonly rolledOutOn: string;
  /** Of the last days: more are not marked yet. */
  readonly recent: boolean;
}

export interface DrawnOutcome {
  readonly outcome: Outcome;
  /** The smaller, the sooner this one is missed when its month has to have one more absence. */
  readonly leaning: number;
}

export const CANCELLED = 0.05;
export const EXCUSED = 0.05;
const UNMARKED_OF_LATE = 0.12;
/** Months differ less than chance alone would have them: a few hundred outcomes tell the story of thousands. */
const CALM = 0.35;

/** As the service's story has it, more for some persons than for others. `booked`: past, and nobody marked it. */
export function drawOutcome(odds: OutcomeOdds, chance: Chance): DrawnOutcome {
  const { personId, service, date, rolledOutOn, recent } = odds;
  const story = storyOf(service);
  const habit = new Chance(`habit ${personId}`).pick([0.6, 0.8, 1, 1.2, 1.4]);
  const absence = absenceOn(story, date, monthsBetween(rolledOutOn, date));
  const isCancelled = chance.happens(CANCELLED);
  const isOpen = chance.happens(recent ? UNMARKED_OF_LATE : story.unmarked);
  const leaning = chance.next() / habit;
  if (isCancelled || isOpen) return { outcome: isCancelled ? 'cancelled' : 'booked', leaning };
  if (leaning < absence) return { outcome: 'missed', leaning };
  return { outcome: chance.happens(EXCUSED / (1 - absence)) ? 'excused' : 'attended', leaning };
}

/** About `share` of `count`, with a third of the spread of chance. */
export function calmCount(count: number, share: number, chance: Chance): number {
  const normal = Array.from({ length: 12 }, () => chance.next()).reduce((sum, one) => sum + one, -6);
  const wanted = count * share + CALM * Math.sqrt(count * share * (1 - share)) * normal;
  return Math.min(count, Math.max(0, Math.round(wanted)));
}
