import { AGENTS } from './agents.js';
import { Chance, idOf } from './chance.js';
export const placeId = (service)=>idOf(`place ${service.key}`);
export const organizationId = (service)=>idOf(`organization ${service.key}`);
export const agendaId = (service, agenda)=>idOf(`agenda ${service.key} ${agenda}`);
export const agentId = (agent)=>idOf(`agent ${agent.firstName} ${agent.lastName}`);
export const openingId = (o)=>idOf(`opening ${o.service} ${o.agenda} ${o.typeCode} ${o.weekday} ${o.time}`);
/** The agent who follows a person: always one of the person's own service. */ export function referentOf(person) {
    return new Chance(`referent ${person.id}`).pick(AGENTS.filter((a)=>a.service === person.service && a.role === 'cpip'));
}
/** Name of the `rank`-th convocation added to fill a day. */ export const dayKey = (service, date, rank)=>`day ${service.key} ${date} ${rank}`;
