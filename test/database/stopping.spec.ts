import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { findPerson } from '../../src/persons/person.queries.js';
import { ResumeMessages } from '../../src/persons/resume-messages.js';
import { findStopLink, StopMessagesByLink } from '../../src/persons/stop-messages-by-link.js';
import { StopMessages } from '../../src/persons/stop-messages.js';
import { digest, newToken } from '../../src/shared/tokens.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Office, Offices, outcomeOf } from '../support/offices.js';

let database: TestDatabase;
let offices: Offices;
let spip: Office;
let agent: Actor;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 1 });
  offices = new Offices(database.dataSource);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await moveClock(database.dataSource, '2026-03-02T08:00:00Z');
  spip = await offices.office();
  agent = spip.actor('cpip');
});

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const register = () =>
  run((tx) =>
    offices.register.execute(
      tx,
      { firstName: 'Ada', lastName: `Nom ${randomUUID().replace(/[^a-f]/g, 'g')}`, phone: '06 12 34 56 78' },
      agent,
    ),
  );
const find = (id: string) => run((tx) => findPerson(tx, agent, id));

describe('stopping messages', () => {
  const link = async (personId: string) => {
    const { id } = await run((tx) =>
      offices.book.execute(
        tx,
        {
          personId,
          typeCode: 'suivi-spip',
          agendaId: spip.agendaId,
          date: '2026-06-10',
          time: '09:00',
          notify: false,
        },
        agent,
      ),
    );
    const token = newToken();
    await database.dataSource.query('INSERT INTO stop_link VALUES ($1, $2, $3, $4)', [
      digest(token),
      id,
      personId,
      '2026-07-10T07:00:00Z',
    ]);
    return token;
  };
  const stopByLink = (token: string) => run((tx) => new StopMessagesByLink().execute(tx, { token }));

  it('by the link of a message: shown first, done once, dated, resumed by an agent', async () => {
    const person = await register();
    const token = await link(person.id);
    expect(await run((tx) => findStopLink(tx, token))).toMatchObject({
      personId: person.id,
      stoppedAt: null,
    });
    expect((await find(person.id)).smsRefused).toBe(false);
    const first = await stopByLink(token);
    await moveClock(database.dataSource, '2026-03-05T08:00:00Z');
    expect(await stopByLink(token)).toEqual(first);
    expect(await find(person.id)).toMatchObject({
      smsRefused: true,
      smsRefusedOrigin: 'person',
      reachable: false,
    });
    const word = { means: 'phone', saidOn: '2026-03-05' };
    const resumed = await run((tx) =>
      new ResumeMessages(offices.clock).execute(tx, { personId: person.id, word }, agent),
    );
    expect(resumed).toMatchObject({ smsRefused: false, reachable: true });
  });

  it('not by an unknown or expired link', async () => {
    const token = await link((await register()).id);
    expect(await outcomeOf(stopByLink(newToken()))).toBe('not-found');
    await moveClock(database.dataSource, '2026-07-10T07:00:00Z');
    expect(await outcomeOf(stopByLink(token))).toBe('not-found');
  });

  it('by an agent of a service that follows, and by no other', async () => {
    const person = await register();
    const stop = (actor: Actor) =>
      run((tx) => new StopMessages().execute(tx, { personId: person.id }, actor));
    expect(await outcomeOf(stop((await offices.office()).actor()))).toBe('not-found');
    expect(await stop(agent)).toMatchObject({ smsRefused: true, smsRefusedOrigin: 'agent' });
  });
});
