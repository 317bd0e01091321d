import { AGENTS, type DemoAgent } from './agents.js';
import { Chance, idOf } from './chance.js';
import type { DemoPerson } from './persons.js';
import type { DemoOpening, DemoService } from './services.js';

export const placeId = (service: DemoService): string => idOf(`place ${service.key}`);
export const organizationId = (service: DemoService): string => idOf(`organization ${service.key}`);
export const agendaId = (service: DemoService, agenda: string): string =>
  idOf(`agenda ${service.key} ${agenda}`);
export const agentId = (agent: DemoAgent): string => idOf(`agent ${agent.firstName} ${agent.lastName}`);
export const openingId = (o: DemoOpening): string =>
  idOf(`opening ${o.service} ${o.agenda} ${o.typeCode} ${o.weekday} ${o.time}`);

/** The agent who follows a person: always one of the person's own service. */
export function referentOf(person: DemoPerson): DemoAgent {
  return new Chance(`referent ${person.id}`).pick(
    AGENTS.filter((a) => a.service === person.service && a.role === 'cpip'),
  );
}

/** Name of the `rank`-th convocation added to fill a day. */
export const dayKey = (service: DemoService, date: string, rank: number): string =>
  `day ${service.key} ${date} ${rank}`;
