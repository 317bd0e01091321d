import { AGENTS } from './agents.js';
import { Chance, idOf } from './chance.js';
import { daysBetween, FIRST_DAY, isWorkingDay, plusDays, weekdayOf, workingDayFrom, workingDayUpTo } from './days.js';
import { drawOutcome } from './outcome.js';
import { agendaId, agentId, dayKey, openingId, organizationId, placeId, referentOf } from './ids.js';
import { OPENINGS, serviceOf, SERVICES } from './services.js';
const DAYS_AHEAD = 35;
const HOURS = [
    '08:30',
    '09:00',
    '09:30',
    '10:00',
    '10:30',
    '11:00',
    '11:30',
    '14:00',
    '14:30',
    '15:00',
    '15:30',
    '16:00',
    '16:30'
];
const WEEKEND_TYPES = [
    'placement-tig-tnr',
    'convocation-ddse'
];
const TYPES = [
    [
        'suivi-spip',
        66
    ],
    [
        'convocation-741-1',
        8
    ],
    [
        'placement-tig-tnr',
        7
    ],
    [
        'visite-domicile',
        5
    ],
    [
        'rdv-telephonique',
        4
    ],
    [
        'rappel-spip',
        4
    ],
    [
        'convocation-ddse',
        3
    ],
    [
        'action-collective',
        3
    ]
];
/** Convocations that an office sees on a full day. */ const FULL_DAY = {
    'spip-92': 24,
    'spip-973': 14,
    'spip-974': 14,
    'tj-92': 6,
    'tj-973': 3,
    'tj-974': 3
};
const SMALL_DAY = 4;
/** Everything from `calendar.from` to five weeks ahead that was booked before today, and full days today and tomorrow. */ export function demoVisits(persons, calendar) {
    const maker = new VisitMaker(calendar);
    for (const person of persons)maker.follow(person);
    for (const service of SERVICES)maker.fillDays(service, persons);
    return maker.visits;
}
let VisitMaker = class VisitMaker {
    calendar;
    visits = [];
    taken = new Set();
    seats = new Map();
    constructor(calendar){
        this.calendar = calendar;
    }
    /** The rhythm of one person: a visit every two to six weeks, the first of them a first convocation. */ follow(person) {
        const chance = new Chance(`rhythm ${person.id}`);
        const service = serviceOf(person.service);
        const every = chance.between(14, 40);
        let due = plusDays(FIRST_DAY, chance.between(0, 1200));
        const last = plusDays(this.todayAt(service), DAYS_AHEAD);
        for(let k = 0; due <= last; k++){
            const date = workingDayFrom(service.calendar, due);
            if (date >= this.calendar.from) this.visitOf(person, service, date, k);
            due = plusDays(due, every + chance.between(-5, 6));
        }
    }
    visitOf(person, service, date, k) {
        const key = `visit ${person.id} ${k}`;
        const chance = new Chance(key);
        const court = person.alsoFollowedBy.find((name)=>name.startsWith('tj'));
        if (court !== undefined && k % 4 === 3) return this.add({
            key,
            person,
            service: serviceOf(court),
            date,
            chance,
            typeCode: chance.happens(0.2) ? 'debat-contradictoire' : 'suivi-jap'
        });
        const hearingExit = k === 0 && chance.happens(0.6) ? exitFrom(service, date) : undefined;
        if (hearingExit !== undefined && this.calendar.withSeats) return this.seat({
            key,
            person,
            service,
            date,
            chance,
            typeCode: 'sortie-audience-spip'
        }, hearingExit);
        this.add({
            key,
            person,
            service,
            date,
            chance,
            typeCode: k === 0 ? 'premiere-convocation-spip' : weighted(chance)
        });
    }
    /** Today and the next working day are full: there is always something to mark, and something that will leave. */ fillDays(service, persons) {
        const today = this.todayAt(service);
        const known = persons.filter((person)=>person.service === service.key || person.alsoFollowedBy.includes(service.key));
        for (const date of [
            today,
            plusDays(today, 1),
            workingDayFrom(service.calendar, plusDays(today, 2))
        ])this.fill(service, date, known);
    }
    fill(service, date, known) {
        const open = isWorkingDay(service.calendar, date);
        if (!open && service.kind === 'tj') return;
        const wanted = Math.ceil((FULL_DAY[service.key] ?? SMALL_DAY) * (open ? 1 : 0.4));
        const chance = new Chance(`day ${service.key} ${date}`);
        const here = organizationId(service);
        const already = this.visits.filter((visit)=>visit.organization_id === here && visit.local_date === date);
        const busy = new Set(already.map((visit)=>visit.person_id));
        for(let i = 0, tries = 0; i + already.length < wanted && tries < 200; tries++){
            const person = chance.pick(known);
            if (busy.has(person.id)) continue;
            busy.add(person.id);
            const typeCode = open ? service.kind === 'tj' ? 'suivi-jap' : weighted(chance) : chance.pick(WEEKEND_TYPES);
            this.add({
                key: dayKey(service, date, i++),
                person,
                service,
                date,
                chance,
                typeCode
            });
        }
    }
    todayAt(service) {
        const today = this.calendar.today.get(service.key);
        if (today === undefined) throw new Error(`no today at ${service.key}`);
        return today;
    }
    add(wanted) {
        const { service, date, chance } = wanted;
        const agendas = service.agendas.filter((name)=>name.startsWith('Bureau') || name.startsWith('Cabinet'));
        const own = service.kind === 'spip' ? agendas : [
            'Cabinet du JAP'
        ];
        for(let tries = 0; tries < 40; tries++){
            const agenda = chance.pick(own);
            const time = chance.pick(HOURS);
            const seat = `${service.key} ${agenda} ${date} ${time}`;
            if (this.taken.has(seat)) continue;
            this.taken.add(seat);
            return this.push(wanted, {
                agenda,
                time,
                date,
                opening: null
            });
        }
    }
    /** The next hearing-exit opening with a seat left. */ seat(wanted, opening) {
        let date = workingDayFrom(wanted.service.calendar, wanted.date);
        while(weekdayOf(date) !== opening.weekday)date = workingDayFrom(wanted.service.calendar, plusDays(date, 1));
        const key = `${openingId(opening)} ${date}`;
        const taken = this.seats.get(key) ?? 0;
        if (taken >= opening.capacity - 1) return;
        this.seats.set(key, taken + 1);
        this.push(wanted, {
            agenda: opening.agenda,
            time: opening.time,
            date,
            opening
        });
    }
    push(wanted, at) {
        const { service, person, chance, typeCode } = wanted;
        const lead = chance.between(3, 26);
        const created = workingDayUpTo(service.calendar, plusDays(at.date, -lead));
        // Not booked yet on the day the demo is started: it will appear at a later start.
        if (created >= this.todayAt(service)) return;
        const booker = bookerOf(service, person, at.opening);
        this.visits.push({
            id: idOf(wanted.key),
            person_id: person.id,
            type_code: typeCode,
            agenda_id: agendaId(service, at.agenda),
            place_id: placeId(service),
            organization_id: organizationId(service),
            weekly_slot_id: at.opening === null ? null : openingId(at.opening),
            local_date: at.date,
            local_time: at.time,
            time_zone: service.timeZone,
            duration_minutes: at.opening?.minutes ?? 30,
            created_on: created,
            created_time: `${String(chance.between(9, 16)).padStart(2, '0')}:${String(chance.between(0, 59)).padStart(2, '0')}`,
            created_by_organization_id: organizationId(serviceOf(booker.service)),
            created_by_agent_id: agentId(booker),
            assigned_to_agent_id: service.kind === 'spip' ? agentId(referentOf(person)) : null,
            outcome: this.outcome(wanted, at.date)
        });
    }
    outcome({ person, service, chance }, date) {
        const before = date < (this.calendar.rolledOutOn.get(service.key) ?? '');
        const recent = date > plusDays(this.todayAt(service), -8);
        return drawOutcome({
            personId: person.id,
            date,
            before,
            recent
        }, chance);
    }
};
/** Hearing exits are booked by the court, everything else by the service itself. */ function bookerOf(service, person, opening) {
    if (opening === null && service.kind === 'spip') return referentOf(person);
    const court = service.key.replace('spip', 'tj');
    const roles = opening === null ? [
        'jap',
        'sap-clerk'
    ] : [
        'bex'
    ];
    return new Chance(`booker ${person.id}`).pick(AGENTS.filter((a)=>a.service === court && roles.includes(a.role)));
}
function exitFrom(service, date) {
    return OPENINGS.find((o)=>o.service === service.key && o.typeCode === 'sortie-audience-spip' && o.weekday >= weekdayOf(date));
}
function weighted(chance) {
    let left = chance.next() * TYPES.reduce((sum, [, weight])=>sum + weight, 0);
    return TYPES.find(([, weight])=>(left -= weight) < 0)?.[0] ?? 'suivi-spip';
}
/** Convocations that filled the days before today at earlier starts, with what became of them. */ export function earlierFullDays(today) {
    return SERVICES.flatMap((service)=>{
        const now = today.get(service.key) ?? FIRST_DAY;
        const ranks = Array.from({
            length: FULL_DAY[service.key] ?? SMALL_DAY
        }, (_, rank)=>rank);
        return daysBetween(plusDays(now, -DAYS_AHEAD), plusDays(now, -1)).flatMap((date)=>ranks.map((rank)=>{
                const id = idOf(dayKey(service, date, rank));
                return {
                    id,
                    outcome: drawOutcome({
                        personId: id,
                        date,
                        before: false,
                        recent: true
                    }, new Chance(id))
                };
            }));
    });
}
/** Seats of the weekly openings on every working day of a period. */ export function demoSlots(from, to) {
    const days = [
        ...daysBetween(from, to)
    ];
    return OPENINGS.flatMap((opening)=>days.filter((date)=>weekdayOf(date) === opening.weekday && isWorkingDay(serviceOf(opening.service).calendar, date)).map((local_date)=>({
                weekly_slot_id: openingId(opening),
                local_date
            })));
}
