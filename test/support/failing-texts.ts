import type { Told, ToldStand, Summoned } from './told-world.js';

/** Tuesday 9 June 2026, 10:00 in Nanterre; the appointment the day after at 14:00. */
export const NOW = '2026-06-09T08:00:00Z';
export const TOMORROW = '2026-06-10T12:00:00Z';
/** Too soon for another text: an agent is asked at once. */
export const THIS_EVENING = '2026-06-09T17:00:00Z';

/** The telephone was off. */
export const OFF = { state: 'undelivered', errorCode: '30003' } as const;

/** Makes a convocation with one text that did not arrive. */
export function failingOn(stand: ToldStand) {
  return async (given: Summoned, told: Told = OFF): Promise<{ id: string; message: string }> => {
    const id = await stand.world.summon(given);
    return { id, message: await stand.world.tell(id, told) };
  };
}
