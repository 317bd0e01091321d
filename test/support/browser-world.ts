import type { EntityManager } from 'typeorm';
import { hashPassword } from '../../src/agents/passwords.js';
import { openSession } from '../../src/agents/sessions.js';
import { BookConvocation } from '../../src/convocations/book-convocation.js';
import { InviteAgent } from '../../src/agents/invite-agent.js';
import { MakeResetLink } from '../../src/agents/password/make-reset-link.js';
import { RecordReply } from '../../src/notifications/replies/record-reply.js';
import { OpenSlots } from '../../src/organizations/open-slots.js';
import { openTasks, type TaskKind } from '../../src/notifications/follow-up/open-tasks.js';
import { Transaction } from '../../src/platform/transaction.js';
import { digest, newToken } from '../../src/shared/tokens.js';
import type { Actor } from '../../src/access/actor.js';
import type { Role } from '../../src/access/domain/roles.js';
import type { TestApp } from './app.js';
import { type AgentsWorld, anAgentsWorld } from './agents-world.js';
import { aLink, aPerson, aPlace, anAgenda, anAgent, anOrganization } from './builders.js';
import { moveClock } from './database.js';
import { giveSecondFactor } from './second-factors.js';
import { aStoredTrial, type AStoredTrial, markInTrial } from './trials.js';

export const PASSWORD = 'quatre mots bien longs';

/** Monday 8 June 2026, 10:12 in Nanterre, 05:12 in Cayenne. */
export const MONDAY = '2026-06-08T08:12:00Z';
/** Friday 12 June 2026, 14:20 in Nanterre. */
export const FRIDAY_AFTERNOON = '2026-06-12T12:20:00Z';

/** A SPIP with one place in Nanterre and one in Cayenne, its court, and agents who sign in with `PASSWORD`. */
export class BrowserWorld {
  organizationId = '';
  courtId = '';
  nanterre = '';
  cayenne = '';
  readonly emails: Partial<Record<Role, string>> = {};
  private readonly agents: Partial<Record<Role, string>> = {};

  constructor(readonly test: TestApp) {}

  async build(): Promise<this> {
    const { dataSource } = this.test;
    await this.moveTo(MONDAY);
    this.organizationId = await anOrganization(dataSource, { name: 'SPIP 92 Nanterre' });
    this.courtId = await anOrganization(dataSource, { name: 'TJ Nanterre', kind: 'tj' });
    await aLink(dataSource, this.courtId, this.organizationId);
    await dataSource.query(`UPDATE organization SET rolled_out_on = '2026-06-01' WHERE id = $1`, [
      this.organizationId,
    ]);
    this.nanterre = await this.agenda('SPIP de Nanterre', 'Bureau 2', 'Europe/Paris');
    this.cayenne = await this.agenda('SPIP de Cayenne', 'Bureau 4', 'America/Cayenne');
    for (const role of ['cpip', 'dpip', 'admin'] as const) await this.agent(role, this.organizationId);
    await this.agent('bex', this.courtId);
    await this.slots('suivi-spip', ['2026-06-12', '2026-06-15'], ['09:30', '14:00']);
    await this.slots('sortie-audience-spip', ['2026-06-11'], ['09:00']);
    return this;
  }

  moveTo(instant: string): Promise<void> {
    return moveClock(this.test.dataSource, instant);
  }

  person(firstName: string, lastName: string, phone = '+33612345678'): Promise<string> {
    return aPerson(this.test.dataSource, {
      organizationIds: [this.organizationId],
      firstName,
      lastName,
      phone,
    });
  }

  /** A text that this phone sent to us. */
  async replied(from: string, body: string): Promise<void> {
    const reply = { operator: 'twilio', operatorMessageId: `SM${newToken()}`, from, body };
    await this.run((tx) => this.test.app.get(RecordReply).execute(tx, reply));
  }

  /** Booked by the CPIP at a free hour in Nanterre, as the page would. */
  async booked(personId: string, date: string, time: string): Promise<string> {
    const command = { personId, typeCode: 'suivi-spip', notify: true, agendaId: this.nanterre, date, time };
    const { id } = await this.run((tx) =>
      this.test.app.get(BookConvocation).execute(tx, command, this.actor('cpip')),
    );
    return id;
  }

  /** Trials of another service: written down, running with nothing to see yet, and over. */
  async trials(): Promise<Record<'draft' | 'registered' | 'running' | 'ended' | 'leaning', string>> {
    const { dataSource } = this.test;
    const organizationId = await anOrganization(dataSource, { name: 'SPIP 93 Bobigny' });
    const agendaId = await anAgenda(dataSource, { placeId: await aPlace(dataSource, { organizationId }) });
    const stored = (more: Partial<AStoredTrial> & Pick<AStoredTrial, 'state'>) =>
      aStoredTrial(dataSource, { organizationId, ...more });
    const over = { state: 'ended', endsOn: '2026-06-05' } as const;
    const ids = {
      draft: await stored({ state: 'draft' }),
      registered: await stored({ state: 'registered' }),
      running: await stored({ state: 'running', looks: ['2026-09-01'] }),
      ended: await stored({ ...over, name: 'La veille ou deux jours avant, première fois' }),
      leaning: await stored({ ...over, name: 'Essai dont le tirage penche' }),
    };
    const mark = (trialId: string, arm: number, persons: number, missed: number) =>
      markInTrial(dataSource, { trialId, arm, persons, missed, agendaId, date: '2026-05-20' });
    await mark(ids.ended, 0, 320, 58);
    await mark(ids.ended, 1, 318, 91);
    await mark(ids.leaning, 0, 120, 20);
    await mark(ids.leaning, 1, 60, 12);
    return ids;
  }

  /** A key and a webhook of other software, with calls that went well and one that was given up. */
  async programs(): Promise<Record<'key' | 'webhook' | 'place', string>> {
    const { dataSource } = this.test;
    const keys: { id: string }[] = await dataSource.query(
      `INSERT INTO api_key (organization_id, role, key_hash, name, scopes, expires_at, last_used_at)
       VALUES ($1, 'local-admin', 'a key', 'Greffe, import des audiences', '{persons:read,convocations:write}',
         app_now() + interval '90 days', app_now() - interval '3 hours') RETURNING id`,
      [this.organizationId],
    );
    const webhooks: { id: string }[] = await dataSource.query(
      `INSERT INTO webhook_endpoint (organization_id, url, events, secret_sealed, disabled_at, disabled_reason)
       VALUES ($1, 'https://greffe.logiciel.example/mon-suivi-justice/evenements', '{booked,missed}', '', app_now(),
         'failing') RETURNING id`,
      [this.organizationId],
    );
    await dataSource.query(
      `INSERT INTO webhook_delivery (endpoint_id, event_id, event, convocation_id, organization_id, state, status,
         attempts, answer_status, answer_error, latency_ms)
       SELECT $1, gen_random_uuid(), event, gen_random_uuid(), $2, event, status, attempts, answer, error, 84
         FROM (VALUES ('booked', 'delivered', 1, 204, NULL), ('missed', 'dead', 8, NULL, 'timed-out'),
           ('missed', 'waiting', 2, 503, NULL)) AS v (event, status, attempts, answer, error)`,
      [webhooks[0]?.id, this.organizationId],
    );
    const places: { id: string }[] = await dataSource.query(
      'SELECT place_id AS id FROM agenda WHERE id = $1',
      [this.nanterre],
    );
    return { key: keys[0]?.id ?? '', webhook: webhooks[0]?.id ?? '', place: places[0]?.id ?? '' };
  }

  /** A task that messages left to the agents. @returns its id */
  /** The start of the service in the register, and a plan for it and its court. */
  async register(): Promise<Record<'rollout' | 'plan', string>> {
    const { dataSource } = this.test;
    const rows: { rollout: string }[] = await dataSource.query(
      `INSERT INTO rollout (organization_id, started_on, note) VALUES ($1, '2026-06-01', 'pilote') RETURNING id AS rollout`,
      [this.organizationId],
    );
    const design = {
      organizationIds: [this.organizationId, this.courtId],
      ...{ seed: 'nanterre', steps: 2, firstMonth: '2026-09', monthsPerStep: 2 },
      ...{ outcomesPerMonth: 60, rate: 0.28, effect: -0.05, icc: 0.02 },
    };
    const plans: { plan: string }[] = await dataSource.query(
      `INSERT INTO rollout_plan (organization_id, name, design) VALUES ($1, 'Vague 2026', $2) RETURNING id AS plan`,
      [this.organizationId, JSON.stringify(design)],
    );
    return { rollout: rows[0]?.rollout ?? '', plan: plans[0]?.plan ?? '' };
  }

  async asked(
    personId: string,
    convocationId: string | null,
    kind: TaskKind,
    reason: string,
  ): Promise<string> {
    const { manager } = this.test.dataSource;
    await openTasks(manager, [{ kind, reason, personId, convocationId, messageId: null }]);
    const rows: { id: string }[] = await manager.query(
      'SELECT id FROM agent_task WHERE person_id = $1 ORDER BY opened_at DESC LIMIT 1',
      [personId],
    );
    return rows[0]?.id ?? '';
  }

  /** Followed by the CPIP, who shows persons both phone and address. */
  async followed(personId: string): Promise<void> {
    const { dataSource } = this.test;
    const { agentId } = this.actor('cpip');
    await dataSource.query(
      `UPDATE agent SET phone = '+33140970012', share_phone = true, share_email = true WHERE id = $1`,
      [agentId],
    );
    await dataSource.query('UPDATE person SET referent_id = $2 WHERE id = $1', [personId, agentId]);
  }

  /** The link of a text message that a person received. */
  async stopLink(convocationId: string): Promise<string> {
    const token = newToken();
    await this.test.dataSource.query(
      `INSERT INTO stop_link (token_hash, convocation_id, person_id, expires_at)
       SELECT $1, id, person_id, app_now() + interval '60 days' FROM convocation WHERE id = $2`,
      [digest(token), convocationId],
    );
    return `/s/${token}`;
  }

  /** The one-time link of somebody who never signed in. */
  async invitation(): Promise<string> {
    const agentId = await anAgent(this.test.dataSource, { organizationId: this.organizationId });
    const { url } = await this.run((tx) => this.test.app.get(InviteAgent).execute(tx, { agentId }));
    return new URL(url).pathname;
  }

  /** The link of a letter about a forgotten password. */
  async resetLink(): Promise<string> {
    const agentId = await anAgent(this.test.dataSource, { organizationId: this.organizationId });
    const { url } = await this.run((tx) => this.test.app.get(MakeResetLink).execute(tx, { agentId }));
    return new URL(url).pathname;
  }

  /** An agent with an authenticator in force, who signs in with `PASSWORD`. @returns the e-mail address */
  async guarded(): Promise<string> {
    const email = 'garde@example.test';
    const passwordHash = await hashPassword(PASSWORD);
    const { organizationId } = this;
    const agentId = await anAgent(this.test.dataSource, { organizationId, email, passwordHash });
    await giveSecondFactor(this.test, agentId);
    return email;
  }

  /** Agents in every state, and what is asked about them. */
  colleagues(): Promise<AgentsWorld> {
    const { organizationId, agents } = this;
    return anAgentsWorld(this.test.dataSource, { organizationId, readerId: agents.admin ?? '' });
  }

  /** Somebody who signs in with `PASSWORD` and has not accepted the charter. @returns the e-mail address */
  async newcomer(): Promise<string> {
    const email = 'nouvelle@example.test';
    const passwordHash = await hashPassword(PASSWORD);
    const { organizationId } = this;
    await anAgent(this.test.dataSource, { organizationId, email, passwordHash, acceptsCharter: false });
    return email;
  }

  /** Cookie of a new session, without going through the form. */
  session(role: Role): Promise<string> {
    return this.run((tx) => openSession(tx, this.agents[role] ?? '', { showedSecondFactor: true }));
  }

  private slots(typeCode: string, dates: readonly string[], times: readonly string[]) {
    const seats = { durationMinutes: 30, capacity: 6 };
    const command = { agendaId: this.nanterre, typeCode, dates, times, ...seats };
    return this.run((tx) => this.test.app.get(OpenSlots).execute(tx, command, this.actor('dpip')));
  }

  private async agent(role: Role, organizationId: string): Promise<void> {
    const email = `${role}@example.test`;
    const passwordHash = await hashPassword(PASSWORD);
    this.agents[role] = await anAgent(this.test.dataSource, { organizationId, role, email, passwordHash });
    this.emails[role] = email;
  }

  private async agenda(placeName: string, name: string, timeZone: string): Promise<string> {
    const { dataSource } = this.test;
    const { organizationId } = this;
    const placeId = await aPlace(dataSource, { organizationId, name: placeName, timeZone });
    return anAgenda(dataSource, { placeId, name });
  }

  private actor(role: Role): Actor {
    const { organizationId, courtId } = this;
    const agentId = this.agents[role] ?? null;
    return {
      agentId,
      apiKeyId: null,
      role,
      organizationId,
      organizationKind: 'spip',
      linkedOrganizationIds: [courtId],
      headquartersOrganizationIds: [],
      isInterRessort: false,
      timeZone: 'Europe/Paris',
    };
  }

  private run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.test.app.get(Transaction).run(work);
  }
}
