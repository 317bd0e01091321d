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

export const CANCELLED = 0.05;
export const EXCUSED = 0.05;
const UNMARKED_OF_LATE = 0.12;

/** As the service's story has it, more for some persons than for others. `booked`: past, and nobody marked it. */
export function drawOutcome(odds: OutcomeOdds, chance: Chance): Outcome {
  const { personId, service, date, rolledOutOn, recent } = odds;
  const story = storyOf(service);
  const habit = new Chance(`habit ${personId}`).pick([0.6, 0.8, 1, 1.2, 1.4]);
  const missed = absenceOn(story, date, monthsBetween(rolledOutOn, date)) * habit;
  if (chance.happens(CANCELLED)) return 'cancelled';
  if (chance.happens(recent ? UNMARKED_OF_LATE : story.unmarked)) return 'booked';
  const draw = chance.next();
  return draw < missed ? 'missed' : draw < missed + EXCUSED ? 'excused' : 'attended';
}
