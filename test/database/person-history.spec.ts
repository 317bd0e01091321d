import type { Actor } from '../../src/access/actor.js';
import type { RegisterPersonCommand } from '../../src/persons/register-person.js';
import type { PersonChanges } from '../../src/persons/update-person.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Office, Offices } from '../support/offices.js';

describe('the history of a change', () => {
  const known = {
    ...{ firstName: 'Ada', phone: '06 12 34 56 79', email: 'ada@example.test', birthDate: '1985-03-12' },
    ...{ appiNumber: null, language: 'fr', register: 'standard', smsRefused: false, referentId: null },
  };
  let database: TestDatabase;
  let offices: Offices;
  let spip: Office;
  let persons = 0;

  beforeAll(async () => {
    database = await createTestDatabase({ poolSize: 1 });
    offices = new Offices(database.dataSource);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    spip = await offices.office();
  });

  async function changed(
    changes: PersonChanges,
    given: Partial<RegisterPersonCommand>,
    actor: Actor = spip.actor('cpip'),
  ): Promise<string> {
    const named = { firstName: 'Ada', lastName: `Essai ${'I'.repeat((persons += 1))}`, ...given };
    const person = await offices.transaction.run((tx) =>
      offices.register.execute(tx, named, spip.actor('cpip')),
    );
    const command = { personId: person.id, changes, expectedUpdatedAt: person.updatedAt };
    await offices.transaction.run((tx) => offices.update.execute(tx, command, actor));
    return person.id;
  }

  async function fieldsAfter(
    changes: PersonChanges,
    given: Partial<RegisterPersonCommand> = known,
    actor?: Actor,
  ): Promise<readonly string[][]> {
    const rows: { fields: string[] }[] = await database.dataSource.query(
      `SELECT detail -> 'fields' AS fields FROM history_entry WHERE person_id = $1 AND event = 'person.updated'`,
      [await changed(changes, given, actor)],
    );
    return rows.map(({ fields }) => fields);
  }

  it('writes what was changed to history, never to what', async () => {
    const id = await changed({ phone: '07 56 78 90 12' }, { phone: '06 12 34 56 78' });
    const rows: { event: string; detail: unknown }[] = await database.dataSource.query(
      'SELECT event, detail FROM history_entry WHERE person_id = $1 ORDER BY id',
      [id],
    );
    expect(rows).toEqual([
      { event: 'person.registered', detail: {} },
      { event: 'person.updated', detail: { fields: ['phone'] } },
    ]);
  });

  it('names no field that says what is known already, however it is written', async () => {
    const organizationIds = [spip.organizationId];
    const again = { ...known, phone: '+33 6 12 34 56 79', territory: 'FR', noPhone: false, organizationIds };
    expect(await fieldsAfter(again)).toEqual([[]]);
    expect(await fieldsAfter({ noPhone: true, phone: null }, { noPhone: true })).toEqual([[]]);
  });

  it('names each field that differs', async () => {
    const other = { ...known, phone: '06 12 34 56 80', email: null, language: 'en', register: 'discreet' };
    expect(await fieldsAfter({ ...other, smsRefused: true })).toEqual([
      ['phone', 'email', 'language', 'register', 'smsRefused'],
    ]);
    expect(await fieldsAfter({ phone: null, noPhone: true })).toEqual([['phone', 'noPhone']]);
    const court = await offices.office({ kind: 'tj', linkedTo: [spip] });
    const organizationIds = [spip.organizationId, court.organizationId];
    expect(await fieldsAfter({ organizationIds }, known, court.actor('admin'))).toEqual([
      ['organizationIds'],
    ]);
  });
});
