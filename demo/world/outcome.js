import { Chance } from './chance.js';
const SEASON = {
    '07': 0.02,
    '08': 0.05,
    '12': 0.03
};
/**
 * About 30 % missed before the roll-out and 22 % after; more in August, more for some persons than for others.
 * `booked` is a past convocation that nobody marked.
 */ export function drawOutcome({ personId, date, before, recent }, chance) {
    const habit = new Chance(`habit ${personId}`).pick([
        0.4,
        0.7,
        1,
        1.3,
        1.6
    ]);
    const missed = ((before ? 0.33 : 0.245) + (SEASON[date.slice(5, 7)] ?? -0.01)) * habit;
    if (chance.happens(0.05)) return 'cancelled';
    if (chance.happens(recent ? 0.12 : 0.012)) return 'booked';
    const draw = chance.next();
    return draw < missed ? 'missed' : draw < missed + 0.05 ? 'excused' : 'attended';
}
