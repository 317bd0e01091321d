import type { DataSource } from 'typeorm';
import type { OrganizationKind } from '../../src/access/domain/roles.js';
import { aLink, anAgenda, anAgent, anOrganization, aPerson, aPlace } from '../support/builders.js';
import { furnish, remoteServices, type Things } from './things.js';

export const HOMES = ['S', 'T', 'S2', 'SB', 'TB', 'TI'] as const;
/**
 * S and T: SPIP and court of one jurisdiction, where the callers are. S2: a SPIP of nobody, antenna of the same
 * headquarters as S. SB and TB: another jurisdiction. TI: an inter-ressort court.
 */
export type HomeName = (typeof HOMES)[number];

export const STATES = ['booked', 'past', 'attended', 'missed', 'excused', 'cancelled'] as const;
export type State = (typeof STATES)[number];

/** Everything of one service that a caller may ask for by id. */
export interface Home {
  readonly name: HomeName;
  readonly organizationId: string;
  readonly placeId: string;
  readonly agendaId: string;
  readonly slotId: string;
  readonly person: string;
  readonly archived: string;
  /** Follow-up of the service's own; hearing exits. */
  readonly follow: Readonly<Record<State, string>>;
  readonly exit: Readonly<Record<State, string>>;
  readonly task: string;
  /** An agent of the service who does nothing but be there. */
  readonly agent: string;
  /** Everything else that can be asked for by its id. */
  readonly things: Things;
  /** What must never reach a stranger: name, number, address of the person and of the agent; words of the service. */
  readonly marks: Readonly<Record<'person' | 'agent' | 'service', readonly string[]>>;
}

export type World = Readonly<Record<HomeName, Home>> & { readonly headquartersId: string };

const KINDS: Readonly<Record<HomeName, OrganizationKind>> = {
  ...{ S: 'spip', S2: 'spip', SB: 'spip', T: 'tj', TB: 'tj', TI: 'tj' },
};
const FOLLOW: Readonly<Record<OrganizationKind, string>> = { spip: 'suivi-spip', tj: 'suivi-jap' };
const EXIT: Readonly<Record<OrganizationKind, string>> = {
  spip: 'sortie-audience-spip',
  tj: 'sortie-audience-sap',
};

export async function buildWorld(dataSource: DataSource): Promise<World> {
  const homes = new Map<HomeName, Home>();
  const remote = await remoteServices(dataSource);
  for (const [at, name] of HOMES.entries())
    homes.set(name, await home(dataSource, name, at, remote[KINDS[name]]));
  const world = Object.fromEntries(homes) as Readonly<Record<HomeName, Home>>;
  await aLink(dataSource, world.T.organizationId, world.S.organizationId);
  await aLink(dataSource, world.TB.organizationId, world.SB.organizationId);
  const rows: { id: string }[] = await dataSource.query(
    `INSERT INTO headquarters (name) VALUES ('Siège') RETURNING id`,
  );
  const headquartersId = rows[0]?.id ?? '';
  await dataSource.query('UPDATE organization SET headquarters_id = $1 WHERE id = ANY($2::uuid[])', [
    headquartersId,
    [world.S.organizationId, world.S2.organizationId],
  ]);
  await dataSource.query('UPDATE organization SET is_inter_ressort = true WHERE id = $1', [
    world.TI.organizationId,
  ]);
  return { ...world, headquartersId };
}

async function home(dataSource: DataSource, name: HomeName, at: number, remote: string): Promise<Home> {
  const kind = KINDS[name];
  const organizationId = await anOrganization(dataSource, { kind, name: `Service ${name}` });
  const placeId = await aPlace(dataSource, { organizationId, name: `Lieu ${name}` });
  const agendaId = await anAgenda(dataSource, { placeId, name: `Agenda ${name}` });
  const mark = `zq${name.toLowerCase()}qz`;
  const phone = `+3369870${String(at)}4321`.slice(0, 12);
  const agent = await anAgent(dataSource, {
    organizationId,
    role: kind === 'spip' ? 'cpip' : 'sap-clerk',
    email: `agent.${mark}@example.test`,
  });
  await dataSource.query('UPDATE agent SET last_name = $2 WHERE id = $1', [agent, `Agent${mark}`]);
  const serviceMark = `own${mark}`;
  const organizationIds = [organizationId];
  const person = await aPerson(dataSource, {
    organizationIds,
    lastName: `Personne${mark}`,
    phone,
    email: `personne.${mark}@example.test`,
  });
  await dataSource.query('UPDATE person SET referent_id = $2 WHERE id = $1', [person, agent]);
  const archived = await aPerson(dataSource, { organizationIds, lastName: `Archive${mark}`, phone: null });
  await dataSource.query('UPDATE person SET archived_at = app_now() WHERE id = $1', [archived]);
  const where = { person, agendaId, placeId, organizationId };
  const follow = await convocations(dataSource, { ...where, typeCode: FOLLOW[kind], hour: 9 });
  const exit = await convocations(dataSource, { ...where, typeCode: EXIT[kind], hour: 14 });
  return {
    ...{ name, organizationId, placeId, agendaId, person, archived, follow, exit, agent },
    slotId: await slot(dataSource, agendaId, EXIT[kind]),
    task: await task(dataSource, organizationId, person, follow.booked),
    things: await furnish(
      dataSource,
      { ...{ kind, organizationId, agent, person, archived }, mark: serviceMark },
      remote,
    ),
    marks: {
      service: [serviceMark],
      person: [`personne${mark}`, `archive${mark}`, `personne.${mark}@`, phone.slice(3)],
      agent: [`agent${mark}`, `agent.${mark}@`],
    },
  };
}

interface Where {
  readonly person: string;
  readonly agendaId: string;
  readonly placeId: string;
  readonly organizationId: string;
  readonly typeCode: string;
  readonly hour: number;
}

/** One in each state: to come, past without outcome, and the four that are decided. */
async function convocations(dataSource: DataSource, where: Where): Promise<Readonly<Record<State, string>>> {
  const ids = new Map<State, string>();
  for (const [at, state] of STATES.entries()) {
    const days = state === 'booked' || state === 'cancelled' ? 7 : -7 - at;
    const rows: { id: string }[] = await dataSource.query(
      `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id, state, cancelled_by, outcome_at)
       SELECT $1, $2, $3, $4, $5, day, make_time($6, 0, 0), 'Europe/Paris',
         (day + make_time($6, 0, 0)) AT TIME ZONE 'Europe/Paris', $5, $8,
         CASE WHEN $8 = 'cancelled' THEN 'service' END,
         CASE WHEN $8 IN ('attended', 'missed', 'excused') THEN app_now() END
       FROM (SELECT (app_now() + make_interval(days => $7))::date AS day) AS chosen RETURNING id`,
      [
        ...[where.person, where.typeCode, where.agendaId, where.placeId, where.organizationId],
        ...[where.hour, days, state === 'past' ? 'booked' : state],
      ],
    );
    ids.set(state, rows[0]?.id ?? '');
  }
  return Object.fromEntries(ids) as Record<State, string>;
}

async function slot(dataSource: DataSource, agendaId: string, typeCode: string): Promise<string> {
  const rows: { id: string }[] = await dataSource.query(
    `INSERT INTO slot (agenda_id, type_code, local_date, local_time, time_zone, starts_at, duration_minutes, capacity)
     SELECT $1, $2, day, '11:00', 'Europe/Paris', (day + time '11:00') AT TIME ZONE 'Europe/Paris', 30, 500
     FROM (SELECT (app_now() + interval '8 days')::date AS day) AS chosen RETURNING id`,
    [agendaId, typeCode],
  );
  return rows[0]?.id ?? '';
}

async function task(
  dataSource: DataSource,
  organizationId: string,
  personId: string,
  convocationId: string,
): Promise<string> {
  const rows: { id: string }[] = await dataSource.query(
    `INSERT INTO agent_task (kind, reason, person_id, convocation_id, promise_version, organization_id, act_before)
     VALUES ('reach-otherwise', 'phone-unreachable', $1, $2, 1, $3, app_now() + interval '7 days') RETURNING id`,
    [personId, convocationId, organizationId],
  );
  return rows[0]?.id ?? '';
}
