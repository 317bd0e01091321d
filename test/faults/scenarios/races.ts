import { setTimeout as delay } from 'node:timers/promises';
import { anApiKey } from '../../support/builders.js';
import { type Answer, ApiClient } from '../../support/client.js';
import { ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';
import { openOffice } from './office.js';

interface Subject {
  readonly convocationId: string;
  readonly personId: string;
  readonly agendaId: string;
  readonly phone: string;
  readonly index: number;
}

interface Change {
  readonly name: string;
  make(api: ApiClient, subject: Subject): Promise<Answer>;
  /** Attempts that must not begin once this change is committed; `m`, `a`, and $2 the number before. */
  readonly forbidden: string;
}

const CANCEL: Change = {
  name: 'cancelled',
  make: (api, { convocationId }) => api.post(`/convocations/${convocationId}/cancel`, {}),
  forbidden: `m.kind = 'reminder'`,
};
const RESCHEDULE: Change = {
  name: 'moved',
  make: async (api, { convocationId, agendaId }) => {
    const { body } = await api.get(`/convocations/${convocationId}`);
    const time = (body as { time: string }).time === '10:10' ? '10:20' : '10:10';
    return api.post(`/convocations/${convocationId}/reschedule`, {
      agendaId,
      date: later(body.date as string),
      time,
    });
  },
  forbidden: `m.promise_version = 1`,
};
const NEW_NUMBER: Change = {
  name: 'another number',
  make: (api, { personId, index }) =>
    patch(api, personId, { phone: `0698${String(index).padStart(4, '0')}00` }),
  forbidden: 'a.recipient_id = $2::uuid',
};
const REFUSAL: Change = {
  name: 'texts refused',
  make: (api, { personId }) => patch(api, personId, { smsRefused: true }),
  forbidden: 'true',
};

/** A Tuesday to Thursday some weeks after, so that neither a Sunday nor a Monday holiday is met often. */
function later(date: string): string {
  const day = new Date(`${date}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 21 + ((9 - day.getUTCDay()) % 7));
  return day.toISOString().slice(0, 10);
}

async function patch(api: ApiClient, personId: string, body: object): Promise<Answer> {
  const { body: person } = await api.get(`/persons/${personId}`);
  return api.patch(`/persons/${personId}`, body, {
    'If-Match': `"${(person as { updatedAt: string }).updatedAt}"`,
  });
}

/** Changes fall at random moments into the sending of the same messages; each text obeys what was committed before. */
async function race(rig: Rig, changes: readonly Change[]): Promise<void> {
  const count = rig.options.slow ? 500 : 60;
  const { organizationId } = await rig.plan(count);
  const web = await rig.web();
  const api = new ApiClient(web.baseUrl, await anApiKey(rig.database.dataSource, { organizationId }));
  rig.operator.beforeAnswer = () => delay(rig.chance.between(5, 60));
  const engine = await rig.engine({ SEND_CONCURRENCY: '3' });
  const subjects = await subjectsOf(rig);
  const sending = engine.drain();
  sending.catch(() => undefined);
  const after: [Subject, Change, Date][] = [];
  for (const subject of subjects.sort(() => rig.chance.between(0, 1) - 0.5)) {
    const change = rig.chance.pick([...changes, null]);
    if (change === null) continue;
    const answer = await change.make(api, subject);
    ensure(answer.status < 300, `${change.name}: ${answer.status} ${answer.text.slice(0, 200)}`);
    const [row] = await rig.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    after.push([subject, change, row!.now]);
  }
  await sending;
  await engine.drain();
  ensure(rig.operator.accepted.length > 0, 'nothing left at all');
  for (const [subject, change, at] of after) await nothingAfter(rig, subject, change, at);
  await everyCancellationTold(rig);
}

function subjectsOf(rig: Rig): Promise<Subject[]> {
  return rig.query(
    `SELECT c.id AS "convocationId", p.id AS "personId", c.agenda_id AS "agendaId", p.phone_id AS phone,
            (row_number() OVER ())::int AS index
       FROM convocation c JOIN person p ON p.id = c.person_id ORDER BY p.id`,
  );
}

async function nothingAfter(rig: Rig, subject: Subject, change: Change, at: Date): Promise<void> {
  const broken = await rig.query(
    `SELECT FROM delivery_attempt a JOIN message m ON m.id = a.message_id
      WHERE m.convocation_id = $1 AND (${change.forbidden}) AND a.real_started_at > $3
        AND ($2::text IS NOT NULL)`,
    [subject.convocationId, subject.phone, at],
  );
  equal(broken.length, 0, `texts that began after "${change.name}" was committed`);
}

/** The cancellation comes after whatever had left, never before it. */
async function everyCancellationTold(rig: Rig): Promise<void> {
  const untold = await rig.query(
    `SELECT FROM convocation c WHERE c.state = 'cancelled' AND NOT EXISTS (
       SELECT FROM message m WHERE m.convocation_id = c.id AND m.kind = 'cancellation' AND m.state = 'accepted')
       AND EXISTS (SELECT FROM message m WHERE m.convocation_id = c.id AND m.kind = 'reminder' AND m.accepted_at IS NOT NULL)`,
  );
  equal(untold.length, 0, 'cancelled after a reminder, and not told');
}

async function sameBookingTwenty(rig: Rig): Promise<void> {
  const office = await openOffice(rig);
  const person = await office.person();
  const key = { 'Idempotency-Key': 'the-same-form-sent-again' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => office.summon(person, key)));
  equal([...new Set(answers.map(({ status }) => status))], [201], 'answers');
  equal(new Set(answers.map(({ body }) => (body as { id: string }).id)).size, 1, 'convocations told');
  equal(await rig.count(`kind = 'summons'`), 1, 'summonses planned');
  await (await rig.engine()).drain();
  equal(rig.operator.accepted.length, 1, 'texts');
}

async function lastPlace(rig: Rig): Promise<void> {
  const office = await openOffice(rig);
  const { agendaId } = office.service;
  const wish = {
    agendaId,
    typeCode: 'suivi-spip',
    date: office.day,
    time: '11:00',
    durationMinutes: 30,
    capacity: 3,
  };
  const slot = await office.api.post('/slots', wish);
  const persons = await Promise.all(Array.from({ length: 30 }, () => office.person()));
  const answers = await Promise.all(
    persons.map((personId) =>
      office.api.post('/convocations', {
        personId,
        typeCode: 'suivi-spip',
        slotId: slot.body.id,
        notify: true,
      }),
    ),
  );
  equal(answers.filter(({ status }) => status === 201).length, 3, 'seats given');
  equal(answers.filter(({ body }) => body.code === 'slot-full').length, 27, 'told that it is full');
  await (await rig.engine()).drain();
}

const core = { tier: 'core', backends: ['postgres'] } as const;

export const RACES: readonly Fault[] = [
  {
    ...core,
    id: 'F34',
    title: 'cancelled or moved while texts are queued and under way',
    promise: 'nothing untrue begins after; then told',
    backends: ['redis'],
    mayWithdraw: true,
    run: (rig) => race(rig, [CANCEL, RESCHEDULE]),
  },
  {
    ...core,
    id: 'F35',
    title: 'number changed or texts refused while queued',
    promise: 'read again under lock: new number, or no text',
    mayWithdraw: true,
    run: (rig) => race(rig, [NEW_NUMBER, REFUSAL]),
  },
  {
    ...core,
    id: 'F42',
    title: 'the same booking twenty times at once',
    promise: 'one convocation',
    run: sameBookingTwenty,
  },
  {
    ...core,
    id: 'F43',
    title: 'thirty want the last three seats',
    promise: 'three; the others are told',
    run: lastPlace,
  },
];
