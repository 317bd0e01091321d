import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../config/data-source.js';
import { Idempotency, requestHash } from '../../src/platform/idempotency.js';
import { CannotReadContacts, KnownKeys } from '../../src/platform/known-keys.js';
import { migrate } from '../../src/platform/migrate.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { openedContacts, phoneOf } from '../support/contacts.js';
import { createEmptyDatabase, dropDatabase } from '../support/database.js';

const KEYS = ['k'.repeat(32)];
const SEALED = 1_765_000_000_400;
const PERSONS = 2_500;
const numberOf = (n: number) => `+3361${String(n).padStart(7, '0')}`;

/** A database of the release before, in use: its rows are sealed where they are, by `cli migrate`. */
describe('a release that wrote numbers in clear', () => {
  const name = `c_${randomBytes(6).toString('hex')}`;
  const answer = { status: 201, body: { phone: { e164: numberOf(1) } } };
  const request = {
    caller: 'api-key:1',
    key: 'k',
    requestHash: requestHash('POST /persons', { phone: 'x' }),
  };
  let ownerUrl: string;
  let owner: DataSource;
  const personId = randomUUID();

  beforeAll(async () => {
    ownerUrl = await createEmptyDatabase(name);
    owner = new DataSource({
      type: 'postgres',
      url: ownerUrl,
      migrations: MIGRATIONS.filter((migration) => Number(/\d{13}$/.exec(migration.name)?.[0]) < SEALED),
    });
    await owner.initialize();
    await owner.runMigrations();
    await fill();
    keepKeys(owner, new Sealing({ SECRET_KEYS: KEYS }));
  });
  afterAll(async () => {
    await owner.destroy();
    await dropDatabase(name);
  });

  const toHead = (secretKeys: readonly string[]) =>
    migrate({ ownerUrl, applicationRole: 'msj_app', environment: 'test', secretKeys });
  const rows = <T>(sql: string, ...values: unknown[]): Promise<T[]> => owner.query(sql, values);
  const start = () => new KnownKeys(owner, new Sealing({ SECRET_KEYS: KEYS })).onModuleInit();

  it('loses nothing when it is migrated without a key or stopped half-way, and cannot be started then', async () => {
    await expect(toHead([])).rejects.toThrow('no secret key');
    await rows(
      `CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the machine stops'; END $$`,
    );
    await rows('CREATE TRIGGER stop BEFORE UPDATE ON delivery_attempt FOR EACH ROW EXECUTE FUNCTION stop()');
    await expect(toHead(KEYS)).rejects.toThrow('the machine stops');
    await expect(start()).rejects.toThrow(CannotReadContacts);
    const left = await rows('SELECT FROM person WHERE phone_e164 IS NULL AND phone_mobile');
    expect(left).toEqual([]);
    await rows('DROP FUNCTION stop() CASCADE');
  });

  it('is sealed by the same command, once it has a key, and holds no clear column any more', async () => {
    await toHead(KEYS);
    await toHead(KEYS);
    await start();
    const clear = await rows(
      `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
         AND (column_name IN ('phone_e164', 'phone_input', 'recipient') OR (table_name, column_name) IN
           (('person', 'email'), ('idempotency_key', 'body')))`,
    );
    expect(clear).toEqual([]);
  });

  it('has every number and address, each once, where it was', async () => {
    const contacts = await openedContacts(owner);
    expect(contacts.size).toBe(PERSONS + 2);
    expect(await phoneOf(owner, personId)).toBe(numberOf(1));
    const opened = (id: string | null | undefined) => contacts.get(id ?? '');
    const persons = await rows<{ n: string; phone: string; email: string | null }>(
      'SELECT last_name AS n, phone_id AS phone, email_id AS email FROM person',
    );
    expect(persons).toHaveLength(PERSONS);
    for (const { n, phone } of persons) expect(opened(phone)).toBe(numberOf(Number(n)));
    expect(persons.filter(({ email }) => email !== null).map(({ email }) => opened(email))).toEqual([
      'a@b.example',
    ]);
    const sent = await rows<{ to: string }>(
      'SELECT recipient_id AS to FROM delivery_attempt ORDER BY number',
    );
    expect(sent.map(({ to }) => opened(to))).toEqual([numberOf(1), 'a@b.example']);
    const same = await rows(
      `SELECT FROM person p JOIN phone_block b ON b.phone_id = p.phone_id
         JOIN delivery_attempt a ON a.recipient_id = p.phone_id JOIN inbound_message i ON i.phone_id = p.phone_id
         JOIN stop_link l ON l.recipient_id = p.phone_id WHERE p.id = $1`,
      personId,
    );
    expect(same).toHaveLength(1);
  });

  it('still answers the same to a request of the day before', async () => {
    const told = await owner.transaction((tx) =>
      new Idempotency().run(tx, request, () => Promise.reject(new Error('done twice'))),
    );
    expect(told).toEqual(answer);
  });

  async function fill(): Promise<void> {
    await rows(`INSERT INTO organization (name, kind) VALUES ('SPIP', 'spip')`);
    await rows(`INSERT INTO place (organization_id, name, address, time_zone, phone)
      SELECT id, 'SPIP', '1 rue', 'Europe/Paris', '+33147250000' FROM organization`);
    await rows(`INSERT INTO agenda (place_id, name) SELECT id, 'Bureau' FROM place`);
    await rows(
      `INSERT INTO person (id, first_name, last_name, search_key, phone_e164, phone_input, phone_mobile, email)
       SELECT CASE WHEN n = 1 THEN $2::uuid ELSE gen_random_uuid() END, 'Ada', n, n, '+3361' || lpad(n::text, 7, '0'),
              'comme tapé', true, CASE WHEN n = 1 THEN 'a@b.example' END
         FROM generate_series(1, $1::int) AS n`,
      PERSONS,
      personId,
    );
    await rows(
      `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id)
       SELECT $1, 'suivi-spip', a.id, p.id, p.organization_id, '2026-06-10', '09:00', 'Europe/Paris', '2026-06-10T07:00Z',
              p.organization_id FROM agenda a JOIN place p ON p.id = a.place_id`,
      personId,
    );
    await rows(`INSERT INTO message (convocation_id, kind, promise_version, due_at, first_due_at, useful_until)
      SELECT id, 'summons', 1, now(), now(), starts_at FROM convocation`);
    for (const [number, channel, to] of [
      [1, 'sms', numberOf(1)],
      [2, 'email', 'a@b.example'],
    ] as const)
      await rows(
        `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient, token_hash,
           body_hash, segments, started_at, real_started_at)
         SELECT gen_random_uuid(), id, $1, $2, 'twilio', 'x', $3, $4, 'x', 1, now(), now() FROM message`,
        number,
        channel,
        to,
        Buffer.from(String(number)),
      );
    await rows(`INSERT INTO phone_block (phone_e164, origin) VALUES ($1, 'link')`, numberOf(1));
    await rows(
      `INSERT INTO inbound_message (operator, operator_message_id, phone_e164, body, intent)
       VALUES ('twilio', 'SM1', $1, 'oui', 'yes'), ('twilio', 'SM2', '+33755667788', 'oui', 'yes')`,
      numberOf(1),
    );
    await rows(
      `INSERT INTO stop_link (token_hash, convocation_id, person_id, recipient, expires_at)
       SELECT 'x', id, person_id, $1, starts_at FROM convocation`,
      numberOf(1),
    );
    await rows(
      'INSERT INTO idempotency_key (caller, key, request_hash, status, body) VALUES ($1, $2, $3, $4, $5)',
      request.caller,
      request.key,
      request.requestHash,
      answer.status,
      JSON.stringify(answer.body),
    );
  }
});
