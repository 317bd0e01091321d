import { Agent } from './agents/agent.entity.js';
import { Convocation } from './convocations/convocation.entity.js';
import { Message } from './notifications/message.entity.js';
import { Agenda } from './organizations/agenda.entity.js';
import { AppointmentType } from './organizations/appointment-type.entity.js';
import { Organization } from './organizations/organization.entity.js';
import { Place } from './organizations/place.entity.js';
import { Slot } from './organizations/slot.entity.js';
import { Person } from './persons/person.entity.js';

/** Every row type; the features own them, the composition root knows them all. */
export const ENTITIES = [
  Agenda,
  Agent,
  AppointmentType,
  Convocation,
  Message,
  Organization,
  Person,
  Place,
  Slot,
] as const;
