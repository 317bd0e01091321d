import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Env } from '../../config/env.js';
import { loadEnv } from '../../config/load-env.js';
import { CheckReach } from '../../src/notifications/follow-up/check-reach.js';
import { FollowUpMessages } from '../../src/notifications/follow-up/follow-up-messages.js';
import { Gateways } from '../../src/notifications/providers/gateways.js';
import { ReachQueries } from '../../src/notifications/follow-up/reach.query.js';
import { SendingRules } from '../../src/notifications/sending/sending-rules.js';
import { TellUnconfirmed } from '../../src/notifications/follow-up/tell-unconfirmed.js';
import { Clock } from '../../src/platform/clock.js';
import { anAgenda, anAgent, anOrganization, aPlace } from './builders.js';
import { contactId } from './contacts.js';
import { createTestDatabase, moveClock, type TestDatabase } from './database.js';

export interface Told {
  readonly kind?: 'summons' | 'reminder' | 'rescheduling' | 'cancellation' | 'after-absence';
  readonly occurrence?: number;
  readonly state: string;
  readonly reason?: string;
  /** Of its only attempt; none when absent. */
  readonly way?: 'sms' | 'email';
  readonly errorCode?: string;
  /** Of its text; Twilio when absent. */
  readonly operator?: 'twilio' | 'link-mobility';
  /** Whether its operator was asked for a receipt; true when absent. */
  readonly awaitsReceipt?: boolean;
  readonly recipient?: string;
  readonly promiseVersion?: number;
}

export interface Summoned {
  readonly startsAt: string;
  readonly state?: 'booked' | 'attended' | 'missed' | 'excused' | 'cancelled';
  readonly phone?: string | null;
  readonly mobile?: boolean;
  readonly email?: string | null;
  readonly refuses?: boolean;
  readonly flagged?: boolean;
  readonly messages?: readonly Told[];
}

let numbers = 0;
const RESULTS: Readonly<Record<string, string>> = { failed: 'refused', expired: 'abandoned' };

/** Convocations whose messages are written as they ended, and the two tasks that draw the consequence. */
export class ToldWorld {
  organizationId = '';
  referentId = '';
  readonly reach: ReachQueries;
  private placeId = '';
  private agendaId = '';
  private readonly followUp: FollowUpMessages;
  private readonly checkReach: CheckReach;

  constructor(
    private readonly dataSource: DataSource,
    mail: 'on' | 'off' = 'on',
  ) {
    const env: Readonly<Env> = loadEnv({
      APP_ENV: 'test',
      PUBLIC_BASE_URL: 'http://127.0.0.1:9',
      DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
      SECRET_KEYS: 'k'.repeat(32),
      ...(mail === 'on' ? { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@msj.example' } : {}),
    });
    const gateways = new Gateways(env);
    const rules = new SendingRules(env, gateways);
    const clock = new Clock();
    this.reach = new ReachQueries(gateways);
    this.followUp = new FollowUpMessages(clock, rules, gateways);
    this.checkReach = new CheckReach(gateways, new TellUnconfirmed(clock, rules));
  }

  async build(): Promise<this> {
    this.organizationId = await anOrganization(this.dataSource);
    this.referentId = await anAgent(this.dataSource, { organizationId: this.organizationId });
    this.placeId = await aPlace(this.dataSource, { organizationId: this.organizationId });
    this.agendaId = await anAgenda(this.dataSource, { placeId: this.placeId });
    return this;
  }

  /** What the scheduled tasks would have done by now. */
  async draw(): Promise<void> {
    await this.dataSource.transaction((tx) => this.followUp.execute(tx));
    await this.dataSource.transaction((tx) => this.checkReach.execute(tx));
  }

  /** @returns the id of the convocation */
  async summon(given: Summoned): Promise<string> {
    const phone =
      given.phone === undefined ? `+3362${String((numbers += 1)).padStart(5, '0')}10` : given.phone;
    const personId = randomUUID();
    await this.dataSource.query(
      `INSERT INTO person (id, first_name, last_name, search_key, phone_id, phone_mobile, no_phone, email_id, referent_id,
         sms_refused_at, sms_refused_origin, phone_flagged_at)
       VALUES ($1::uuid, 'Ada', 'Essai', $1::text, $2, $3, $4, $5, $6, CASE WHEN $7 THEN app_now() END,
         CASE WHEN $7 THEN 'agent' END, CASE WHEN $8 THEN app_now() END)`,
      [
        personId,
        await contactId(this.dataSource, phone),
        phone !== null && (given.mobile ?? true),
        phone === null,
        await contactId(this.dataSource, given.email),
        this.referentId,
        given.refuses ?? false,
        given.flagged ?? false,
      ],
    );
    await this.dataSource.query(
      'INSERT INTO person_organization (person_id, organization_id) VALUES ($1, $2)',
      [personId, this.organizationId],
    );
    const id = randomUUID();
    await this.dataSource.query(
      `INSERT INTO convocation (id, person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id, state, cancelled_by)
       VALUES ($1, $2, 'suivi-spip', $3, $4, $5, ($6::timestamptz AT TIME ZONE 'Europe/Paris')::date,
         ($6::timestamptz AT TIME ZONE 'Europe/Paris')::time(0), 'Europe/Paris', $6, $5, $7, $8)`,
      [
        id,
        personId,
        this.agendaId,
        this.placeId,
        this.organizationId,
        given.startsAt,
        given.state ?? 'booked',
        given.state === 'cancelled' ? 'service' : null,
      ],
    );
    for (const message of given.messages ?? []) await this.tell(id, message);
    return id;
  }

  /** A message of this convocation, due now and settled now, with its attempt. @returns its id */
  async tell(convocationId: string, told: Told): Promise<string> {
    const id = randomUUID();
    const isLeft = !['planned', 'queued', 'withdrawn', 'suppressed', 'expired'].includes(told.state);
    const way = told.way ?? (isLeft && told.reason !== 'no-template' ? 'sms' : null);
    await this.dataSource.query(
      `INSERT INTO message (id, convocation_id, kind, occurrence, promise_version, state, reason, due_at, first_due_at,
         useful_until, attempts, accepted_at, settled_at)
       SELECT $1, c.id, $3, $4, coalesce($5, c.promise_version), $6, $7, app_now(), app_now(),
         CASE $3 WHEN 'cancellation' THEN c.starts_at WHEN 'after-absence' THEN c.starts_at + interval '7 days'
           ELSE c.starts_at - interval '1 hour' END,
         CASE WHEN $8 THEN 1 ELSE 0 END, CASE WHEN $6 IN ('accepted', 'delivered', 'undelivered') THEN app_now() END,
         CASE WHEN $6 IN ('delivered', 'undelivered', 'failed', 'suppressed', 'expired', 'withdrawn') THEN app_now() END
         FROM convocation c WHERE c.id = $2`,
      [
        id,
        convocationId,
        told.kind ?? 'reminder',
        told.occurrence ?? (told.kind === undefined || told.kind === 'reminder' ? 1 : 0),
        told.promiseVersion ?? null,
        told.state,
        told.reason ?? (told.state === 'failed' ? 'operator-refused' : null),
        way !== null,
      ],
    );
    if (way !== null) await this.attempt(id, way, told);
    return id;
  }

  /** The state of a message, and what else a test asks of its row. */
  async message(id: string): Promise<Record<string, unknown>> {
    const rows: Record<string, unknown>[] = await this.dataSource.query(
      'SELECT * FROM message WHERE id = $1',
      [id],
    );
    return rows[0] ?? {};
  }

  async person(convocationId: string): Promise<Record<string, unknown>> {
    const rows: Record<string, unknown>[] = await this.dataSource.query(
      'SELECT p.* FROM person p JOIN convocation c ON c.person_id = p.id WHERE c.id = $1',
      [convocationId],
    );
    return rows[0] ?? {};
  }

  /** Tasks about the convocation or its person, oldest first: kind, reason, outcome (null: open). */
  async tasks(convocationId: string): Promise<{ kind: string; reason: string; outcome: string | null }[]> {
    return this.dataSource.query(
      `SELECT t.kind, t.reason, t.outcome FROM agent_task t JOIN convocation c ON c.person_id = t.person_id
        WHERE c.id = $1 AND (t.convocation_id = $1 OR t.convocation_id IS NULL) ORDER BY t.opened_at, t.kind`,
      [convocationId],
    );
  }

  private async attempt(messageId: string, way: 'sms' | 'email', told: Told): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
         segments, result, operator_message_id, error_code, awaits_receipt, started_at, real_started_at, answered_at)
       SELECT gen_random_uuid(), m.id, 1, $2, CASE $2 WHEN 'sms' THEN $6 ELSE 'smtp' END, 'Justice',
         coalesce($3, CASE $2 WHEN 'sms' THEN p.phone_id ELSE p.email_id END, $8),
         sha256(m.id::text::bytea), sha256('x'), 1, $4, m.id::text, $5, $7, app_now(), now(), app_now()
         FROM message m JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id
        WHERE m.id = $1`,
      [
        messageId,
        way,
        await contactId(this.dataSource, told.recipient),
        RESULTS[told.state] ?? (told.state === 'sending' ? 'open' : told.state),
        told.errorCode ?? null,
        told.operator ?? 'twilio',
        told.awaitsReceipt ?? true,
        await contactId(this.dataSource, '+33600000000'),
      ],
    );
  }
}

/** What the ladder is tried on: one database for a file, a world of its own at that hour for each test. */
export interface ToldStand {
  readonly database: TestDatabase;
  readonly world: ToldWorld;
}

/** To be called once in a file. @param now ISO 8601 */
export function useToldWorld(now: string): ToldStand {
  const stand: { database?: TestDatabase; world?: ToldWorld } = {};
  beforeAll(async () => {
    stand.database = await createTestDatabase();
  });
  beforeEach(async () => {
    const { dataSource } = stand.database as TestDatabase;
    await moveClock(dataSource, now);
    stand.world = await new ToldWorld(dataSource).build();
  });
  afterAll(() => stand.database?.drop());
  return stand as ToldStand;
}
