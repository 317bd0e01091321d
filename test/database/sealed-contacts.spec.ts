import type { DataSource, EntityManager } from 'typeorm';
import { ROTATED, rotateKeys } from '../../src/cli/keys/rotate-keys.js';
import { countOldSeals } from '../../src/cli/keys/old-seals.query.js';
import {
  findContact,
  forgetContacts,
  keepContact,
  keepContacts,
  openContact,
} from '../../src/platform/contacts.js';
import { Idempotency, requestHash } from '../../src/platform/idempotency.js';
import { CannotReadContacts, keyIdsOfContacts, KnownKeys } from '../../src/platform/known-keys.js';
import { CannotOpen, keepKeys, Sealing } from '../../src/platform/sealing.js';
import { blockPhone } from '../../src/persons/phone-block.js';
import { searchPersons } from '../../src/persons/person.queries.js';
import { anOrganization, aPerson } from '../support/builders.js';
import { isBlocked, openedContacts, phoneOf } from '../support/contacts.js';
import { createTestDatabase, type TestDatabase, TEST_SECRET_KEY } from '../support/database.js';
import { Offices } from '../support/offices.js';

const NEW_KEY = 'n'.repeat(32);
const sealing = (...keys: string[]) => new Sealing({ SECRET_KEYS: keys });

let database: TestDatabase;
let db: DataSource;

beforeEach(async () => {
  database = await createTestDatabase();
  db = database.dataSource;
});
afterEach(() => database.drop());

const hold = (...keys: string[]) => keepKeys(db, sealing(...keys));
const run = <T>(work: (tx: EntityManager) => Promise<T>) => db.transaction(work);

describe('a contact', () => {
  it('is written once, whoever writes it and however often', async () => {
    const same = await Promise.all(
      Array.from({ length: 5 }, () => run((tx) => keepContact(tx, 'phone', '+33612345678'))),
    );
    expect(new Set(same).size).toBe(1);
    expect(await findContact(db.manager, 'phone', '+33612345678')).toBe(same[0]);
    expect(await findContact(db.manager, 'phone', '+33612345679')).toBeNull();
    expect(await findContact(db.manager, 'email', '+33612345678')).toBeNull();
  });

  it('is forgotten a day after nothing names it any more, and written again when it comes back', async () => {
    const organizationId = await anOrganization(db);
    const personId = await aPerson(db, { organizationIds: [organizationId], email: 'a@b.example' });
    const blocked = await keepContact(db.manager, 'phone', '+33698765432');
    await blockPhone(db.manager, { phoneId: blocked, origin: 'link' });
    await db.query('UPDATE person SET phone_id = NULL, phone_mobile = false WHERE id = $1', [personId]);
    const contacts = async () => [...(await openedContacts(db)).values()].sort();
    await run(forgetContacts);
    expect(await contacts()).toHaveLength(3);
    await db.query(`INSERT INTO clock_offset (shift) VALUES ('25 hours')`);
    await run(forgetContacts);
    expect(await contacts()).toEqual(['+33698765432', 'a@b.example']);
    await keepContact(db.manager, 'phone', '+33612345678');
    expect(await contacts()).toHaveLength(3);
  });

  it('does not open in the place of another', async () => {
    const [mine, other] = [
      await keepContact(db.manager, 'phone', '+33612345678'),
      await keepContact(db.manager, 'phone', '+33698765432'),
    ];
    const [row]: { sealed: Buffer }[] = await db.query(
      'SELECT value_sealed AS sealed FROM contact WHERE id = $1',
      [other],
    );
    expect(() => openContact(db.manager, mine, row?.sealed ?? null)).toThrow(CannotOpen);
  });

  it('of a number is found by its last four digits, which many may share', async () => {
    const offices = new Offices(db);
    const office = await offices.office();
    const numbers = ['+33612345678', '+33698765678', '+262692005678', '+33612345679'];
    for (const phone of numbers) await aPerson(db, { organizationIds: [office.organizationId], phone });
    const found = async (query: string) =>
      (await run((tx) => searchPersons(tx, office.actor('cpip'), { query }))).items
        .map(({ phone }) => phone?.e164)
        .sort();
    expect(await found('5678')).toEqual([...numbers.slice(0, 3)].sort());
    expect(await found('34 56 78')).toEqual(['+33612345678']);
    expect(await found('0692 00 56 78')).toEqual(['+262692005678']);
    expect(await found('1234')).toEqual([]);
  });
});

describe('a stored answer', () => {
  it('is sealed, told again to the same request, and its request cannot be guessed', async () => {
    const idempotency = new Idempotency();
    const request = {
      caller: 'api-key:1',
      key: 'k',
      requestHash: requestHash('POST /persons', { phone: '06' }),
    };
    const answer = { status: 201, body: { phone: { e164: '+33612345678' } } };
    await run((tx) => idempotency.run(tx, request, () => Promise.resolve(answer)));
    const [row]: { hash: Buffer; body: Buffer }[] = await db.query(
      'SELECT request_hash AS hash, body_sealed AS body FROM idempotency_key',
    );
    expect(row?.hash.equals(request.requestHash)).toBe(false);
    expect(row?.body.includes('12345')).toBe(false);
    hold(NEW_KEY, TEST_SECRET_KEY);
    const again = run((tx) => idempotency.run(tx, request, () => Promise.reject(new Error('done twice'))));
    expect(await again).toEqual(answer);
    const other = { ...request, requestHash: requestHash('POST /persons', { phone: '07' }) };
    await expect(
      run((tx) => idempotency.run(tx, other, () => Promise.resolve(answer))),
    ).rejects.toMatchObject({
      code: 'idempotency-conflict',
    });
  });
});

describe('the rotation of keys', () => {
  it('knows every sealed column of the database', async () => {
    const columns: { name: string }[] = await db.query(`
      SELECT c.relname || '.' || a.attname AS name
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'bytea'::regtype
         AND NOT a.attisdropped
         AND (a.attname LIKE '%\\_sealed' OR col_description(c.oid, a.attnum) LIKE 'sealed%')
       ORDER BY 1`);
    expect(ROTATED.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(
      columns.map(({ name }) => name),
    );
  });

  it('leaves nothing to the old key, changes nothing else, and may be run again', async () => {
    const organizationId = await anOrganization(db);
    const personId = await aPerson(db, { organizationIds: [organizationId], email: 'a@b.example' });
    await run((tx) =>
      keepContacts(
        tx,
        'phone',
        Array.from({ length: 1_200 }, (_, i) => `+3361000${String(i).padStart(4, '0')}`),
      ),
    );
    const before = [...(await openedContacts(db)).entries()].sort();
    hold(NEW_KEY, TEST_SECRET_KEY);
    expect(await countOldSeals(db.manager)).toBe(1_202);
    expect(await rotateKeys(db)).toEqual({ renewed: 1_202, unreadable: 0, left: 0 });
    expect(await rotateKeys(db)).toEqual({ renewed: 0, unreadable: 0, left: 0 });
    hold(NEW_KEY);
    expect([...(await openedContacts(db)).entries()].sort()).toEqual(before);
    expect(await phoneOf(db, personId)).toBe('+33612345678');
    expect(await findContact(db.manager, 'phone', '+33610000007')).not.toBeNull();
  });

  it('brings together what a process without both keys wrote a second time', async () => {
    const organizationId = await anOrganization(db);
    const first = await aPerson(db, { organizationIds: [organizationId] });
    const phoneId = await keepContact(db.manager, 'phone', '+33612345678');
    await run((tx) => blockPhone(tx, { phoneId, origin: 'reply' }));
    hold(NEW_KEY);
    const second = await aPerson(db, { organizationIds: [organizationId] });
    hold(NEW_KEY, TEST_SECRET_KEY);
    expect(await rotateKeys(db)).toMatchObject({ left: 0 });
    hold(NEW_KEY);
    const rows: { id: string }[] = await db.query(
      'SELECT phone_id AS id FROM person WHERE id = ANY($1::uuid[])',
      [[first, second]],
    );
    expect(rows[0]).toEqual(rows[1]);
    expect(await isBlocked(db.manager, rows[0]?.id ?? '')).toBe(true);
    expect(await findContact(db.manager, 'phone', '+33612345678')).toBe(rows[0]?.id);
  });

  it('tells what no key opens, and leaves it as it is', async () => {
    await keepContact(db.manager, 'phone', '+33612345678');
    hold(NEW_KEY);
    await keepContact(db.manager, 'phone', '+33698765432');
    expect(await rotateKeys(db)).toEqual({ renewed: 0, unreadable: 1, left: 1 });
    hold(TEST_SECRET_KEY);
    expect(await findContact(db.manager, 'phone', '+33612345678')).not.toBeNull();
  });

  it('a start without a key that contacts need is refused', async () => {
    await keepContact(db.manager, 'phone', '+33612345678');
    hold(NEW_KEY, TEST_SECRET_KEY);
    await keepContact(db.manager, 'phone', '+33698765432');
    expect(await keyIdsOfContacts(db.manager)).toHaveLength(2);
    await new KnownKeys(db, sealing(NEW_KEY, TEST_SECRET_KEY)).onModuleInit();
    await expect(new KnownKeys(db, sealing(NEW_KEY)).onModuleInit()).rejects.toThrow(CannotReadContacts);
  });
});
