import { BookConvocation } from '../../../src/convocations/book-convocation.js';
import { CancelConvocation } from '../../../src/convocations/cancel-convocation.js';
import { type Outcome, RecordAttendance, RECORDED } from '../../../src/convocations/record-attendance.js';
import { ReopenConvocation } from '../../../src/convocations/reopen-convocation.js';
import { RescheduleConvocation } from '../../../src/convocations/reschedule-convocation.js';
import { CloseTask } from '../../../src/notifications/follow-up/close-task.js';
import { RemindAgain } from '../../../src/notifications/follow-up/remind-again.js';
import { ResendTaskMessage } from '../../../src/notifications/follow-up/resend-task-message.js';
import { booked, type Doing, one } from './doing.js';
import type { OfficeWorld } from './world.js';

const TYPES = ['suivi-spip', 'suivi-spip', 'rdv-telephonique', 'premiere-convocation-spip'];

export const book: Doing = async (world, act) => {
  const [person, service] = [one(world.persons, act.who), one(world.services, act.where)];
  if (person === undefined || service === undefined) return;
  const said = world.hourAt(service, act.days, act.hour);
  const typeCode = one(TYPES, act.where + act.who) ?? '';
  const command = { personId: person.id, typeCode, agendaId: service.agendaId, ...said, notify: act.told };
  const view = await world.engine.act((tx) =>
    world.engine.get(BookConvocation).execute(tx, command, world.admin()),
  );
  world.appointments.push({
    ...{ id: view.id, person, typeCode, promises: [world.promised(service, said, act.told)] },
    ...{ state: 'booked', changedAt: world.now, isTold: act.told },
  });
};

export const move: Doing = async (world, act) => {
  const appointment = one(booked(world), act.who);
  const service = one(world.services, act.where);
  if (appointment === undefined || service === undefined) return;
  const said = world.hourAt(service, act.days, act.hour);
  const command = { convocationId: appointment.id, agendaId: service.agendaId, ...said, notify: act.told };
  await world.engine.act((tx) => world.engine.get(RescheduleConvocation).execute(tx, command, world.admin()));
  appointment.promises.push(world.promised(service, said, act.told));
  appointment.changedAt = world.now;
};

export const cancel: Doing = async (world, act) => {
  const appointment = one(booked(world), act.who);
  if (appointment === undefined) return;
  const command = { convocationId: appointment.id, notify: act.told };
  await world.engine.act((tx) => world.engine.get(CancelConvocation).execute(tx, command, world.admin()));
  Object.assign(appointment, { state: 'cancelled', changedAt: world.now, isTold: act.told });
};

const record =
  (outcome: Outcome): Doing =>
  async (world, act) => {
    const appointment = one(booked(world), act.who);
    if (appointment === undefined) return;
    const command = { convocationId: appointment.id, outcome, notify: act.told };
    await world.engine.act((tx) => world.engine.get(RecordAttendance).execute(tx, command, world.admin()));
    Object.assign(appointment, { state: RECORDED[outcome], changedAt: world.now, isTold: act.told });
  };

export const attend = record('attend');
export const miss = record('miss');
export const excuse = record('excuse');

export const reopen: Doing = async (world, act) => {
  const closed = world.appointments.filter(({ state }) => ['attended', 'missed', 'excused'].includes(state));
  const appointment = one(closed, act.who);
  if (appointment === undefined) return;
  const command = { convocationId: appointment.id };
  await world.engine.act((tx) => world.engine.get(ReopenConvocation).execute(tx, command, world.admin()));
  Object.assign(appointment, { state: 'booked', changedAt: world.now });
};

export const closeTask: Doing = async (world, act) => {
  const task = one(await openTasks(world), act.who);
  if (task === undefined) return;
  const outcome = one(['reached', 'could-not-reach', 'done'], act.hour) ?? 'done';
  const command = { taskId: task.id, outcome, note: '' };
  await world.engine.act((tx) => world.engine.get(CloseTask).execute(tx, command, world.admin()));
};

export const resend: Doing = async (world, act) => {
  const task = one(await openTasks(world), act.who);
  if (task === undefined) return;
  await world.engine.act((tx) =>
    world.engine.get(ResendTaskMessage).execute(tx, { taskId: task.id }, world.admin()),
  );
};

export const remind: Doing = async (world, act) => {
  const appointment = one(booked(world), act.who);
  if (appointment === undefined) return;
  const command = { convocationId: appointment.id };
  await world.engine.act((tx) => world.engine.get(RemindAgain).execute(tx, command, world.admin()));
};

function openTasks({ engine }: OfficeWorld): Promise<{ id: string }[]> {
  return engine.query('SELECT id FROM agent_task WHERE closed_at IS NULL ORDER BY opened_at, id');
}
