import { RecordReply } from '../../../src/notifications/replies/record-reply.js';
import { LiftPhoneBlock } from '../../../src/persons/lift-phone-block.js';
import { findPerson } from '../../../src/persons/person.queries.js';
import { ResumeMessages } from '../../../src/persons/resume-messages.js';
import { StopMessages } from '../../../src/persons/stop-messages.js';
import { type PersonChanges, UpdatePerson } from '../../../src/persons/update-person.js';
import { type Act, type Doing, one, withNumber } from './doing.js';
import type { OfficeWorld } from './world.js';

const FREE_TEXT = ['à quelle heure ?', 'NON', 'OUI', 'AIDE'];

async function change(world: OfficeWorld, personId: string, changes: PersonChanges): Promise<void> {
  await world.engine.act(async (tx) => {
    const { updatedAt: expectedUpdatedAt } = await findPerson(tx, world.admin(), personId);
    const command = { personId, expectedUpdatedAt, changes };
    await world.engine.get(UpdatePerson).execute(tx, command, world.admin());
  });
}

/** To another number, or to none. */
export const phone: Doing = async (world, act) => {
  const person = one(world.persons, act.who);
  if (person === undefined) return;
  const number = world.phone(act.where + (act.told ? 0 : 2));
  await change(world, person.id, { phone: number });
  person.phone = number;
};

export const refuse: Doing = async (world, act) => {
  const person = one(world.persons, act.who);
  if (person === undefined) return;
  await world.engine.act((tx) =>
    world.engine.get(StopMessages).execute(tx, { personId: person.id }, world.admin()),
  );
  person.refusedAt ??= world.now;
};

export const resume: Doing = async (world, act) => {
  const person = one(
    world.persons.filter(({ refusedAt }) => refusedAt !== null),
    act.who,
  );
  if (person === undefined) return;
  const saidOn = new Date(world.now).toISOString().slice(0, 10);
  const command = { personId: person.id, word: { means: 'phone', saidOn } };
  await world.engine.act((tx) => world.engine.get(ResumeMessages).execute(tx, command, world.admin()));
  person.refusedAt = null;
};

const reply =
  (words: (act: Act) => string, then: (world: OfficeWorld, from: string) => void = () => undefined): Doing =>
  async (world, act) => {
    const from = one(world.persons, act.who)?.phone;
    if (from == null) return;
    const said = { operator: 'twilio', operatorMessageId: `IN${world.said.length}`, from, body: words(act) };
    await world.engine.act((tx) => world.engine.get(RecordReply).execute(tx, said));
    then(world, from);
  };

export const stop = reply(
  () => 'STOP',
  (world, from) => {
    for (const person of withNumber(world, from)) person.refusedAt ??= world.now;
  },
);
export const notMe = reply(
  () => "ce n'est pas moi",
  (world, from) => world.blocked.add(from),
);
export const say = reply(({ hour }) => one(FREE_TEXT, hour) ?? '');

export const lift: Doing = async (world, act) => {
  const person = one(
    world.persons.filter(({ phone: number }) => number !== null && world.blocked.has(number)),
    act.who,
  );
  if (person === undefined) return;
  const command = { personId: person.id };
  const lifts = await world.engine.act((tx) =>
    world.engine.get(LiftPhoneBlock).execute(tx, command, world.admin(act.told ? 1 : 0)),
  );
  if (lifts === 'lifted') world.blocked.delete(person.phone ?? '');
};

export const discreet: Doing = async (world, act) => {
  const person = one(world.persons, act.who);
  if (person !== undefined) await change(world, person.id, { register: act.told ? 'discreet' : 'standard' });
};
