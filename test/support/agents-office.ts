import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import type { Role } from '../../src/access/domain/roles.js';
import { Transaction } from '../../src/platform/transaction.js';
import { aPerson, aPlace, anAgenda, anAgent, anOrganization } from './builders.js';
import { createTestDatabase, moveClock, type TestDatabase } from './database.js';

export const NOW = '2026-06-09T08:00:00Z';
/** Of an application without a mail server, as far as agents' letters read it. */
export const ENV = {
  PUBLIC_BASE_URL: 'http://127.0.0.1:3000',
  SMTP_URL: undefined,
  APP_ENV: 'test',
} as never;
export const ENV_WITH_MAIL = { ...(ENV as object), SMTP_URL: 'smtp://127.0.0.1:1' } as never;

export interface Service {
  readonly id: string;
  readonly agendaId: string;
  readonly placeId: string;
}

/** A database at 9 June 2026, 08:00 UTC, with services, their agents and whom these follow. */
export class AgentsOffice {
  database!: TestDatabase;
  private transaction!: Transaction;

  /** @returns two services of probation */
  async open(): Promise<readonly [from: Service, to: Service]> {
    this.database = await createTestDatabase();
    this.transaction = new Transaction(this.database.dataSource);
    await moveClock(this.database.dataSource, NOW);
    return [await this.service(), await this.service()];
  }

  close(): Promise<void> {
    return this.database.drop();
  }

  readonly run = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> => this.transaction.run(work);

  readonly service = async (kind: 'spip' | 'tj' = 'spip'): Promise<Service> => {
    const { dataSource } = this.database;
    const id = await anOrganization(dataSource, { kind });
    const placeId = await aPlace(dataSource, { organizationId: id });
    return { id, placeId, agendaId: await anAgenda(dataSource, { placeId }) };
  };

  readonly actor = (of: Service, role: Role = 'local-admin', agentId: string | null = null): Actor => ({
    ...{ agentId, apiKeyId: null, role, organizationId: of.id, organizationKind: 'spip' },
    ...{ linkedOrganizationIds: [], headquartersOrganizationIds: [], isInterRessort: false },
    timeZone: 'Europe/Paris',
  });

  readonly agent = (of: Service, role: Role = 'cpip', email?: string): Promise<string> =>
    anAgent(this.database.dataSource, {
      ...{ organizationId: of.id, role },
      ...(email === undefined ? {} : { email }),
    });

  /** A local administrator who acts. */
  readonly admin = async (of: Service): Promise<Actor> =>
    this.actor(of, 'local-admin', await this.agent(of, 'local-admin'));

  /** @returns the id of a person this agent follows */
  readonly follows = async (agentId: string, of: Service): Promise<string> => {
    const id = await aPerson(this.database.dataSource, { organizationIds: [of.id] });
    await this.database.dataSource.query('UPDATE person SET referent_id = $2 WHERE id = $1', [id, agentId]);
    return id;
  };

  /** @returns the id of a convocation at 10:00 that is this agent's to hold */
  readonly convocation = async (
    personId: string,
    agentId: string,
    of: Service,
    date = '2026-06-10',
  ): Promise<string> => {
    const rows: { id: string }[] = await this.database.dataSource.query(
      `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id, assigned_to_agent_id)
       VALUES ($1, 'suivi-spip', $2, $3, $4, $5::date, '10:00', 'Europe/Paris', ($5::date + time '10:00') AT TIME ZONE 'Europe/Paris', $4, $6)
       RETURNING id`,
      [personId, of.agendaId, of.placeId, of.id, date, agentId],
    );
    return rows[0]?.id ?? '';
  };

  readonly value = async <T>(sql: string, parameters: readonly unknown[]): Promise<T | undefined> => {
    const rows: { value: T }[] = await this.database.dataSource.query(sql, [...parameters]);
    return rows[0]?.value;
  };
}
