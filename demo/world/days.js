import { Temporal } from 'temporal-polyfill';
import { isHoliday } from '../../src/organizations/domain/calendar.js';
/** The first day of which the demo world knows anything: a Monday. */ export const FIRST_DAY = '2023-01-02';
/** Calendar arithmetic is asked a hundred thousand times while the world is made: one table answers. */ const days = [
    FIRST_DAY
];
const numbers = new Map([
    [
        FIRST_DAY,
        0
    ]
]);
const open = new Map();
/** @param date not before `FIRST_DAY`, and neither is the answer */ export function plusDays(date, shift) {
    return dayAt(numberOf(date) + shift);
}
export function plusMonths(date, months) {
    return Temporal.PlainDate.from(date).add({
        months
    }).toString();
}
/** Dates from `first` to `last`, both included. */ export function daysBetween(first, last) {
    const between = [];
    for(let day = first; day <= last; day = plusDays(day, 1))between.push(day);
    return between;
}
/** 1 is Monday, 7 is Sunday. */ export function weekdayOf(date) {
    return numberOf(date) % 7 + 1;
}
/** Offices are open on weekdays that are not holidays of the territory. */ export function isWorkingDay(calendar, date) {
    const question = `${calendar} ${date}`;
    const known = open.get(question) ?? (weekdayOf(date) <= 5 && !isHoliday(calendar, date));
    open.set(question, known);
    return known;
}
/** The last working day up to `date`. */ export function workingDayUpTo(calendar, date) {
    return isWorkingDay(calendar, date) ? date : workingDayUpTo(calendar, plusDays(date, -1));
}
/** The first working day from `date` on. */ export function workingDayFrom(calendar, date) {
    return isWorkingDay(calendar, date) ? date : workingDayFrom(calendar, plusDays(date, 1));
}
function numberOf(date) {
    while((days.at(-1) ?? '') < date)extend();
    const found = numbers.get(date);
    if (found === undefined) throw new RangeError(`${date} is before the demo world`);
    return found;
}
function dayAt(number) {
    while(days.length <= number)extend();
    const found = days[number];
    if (found === undefined) throw new RangeError('before the demo world');
    return found;
}
function extend() {
    const next = Temporal.PlainDate.from(days.at(-1) ?? FIRST_DAY).add({
        days: 1
    }).toString();
    numbers.set(next, days.length);
    days.push(next);
}
