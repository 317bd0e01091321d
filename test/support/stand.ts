import { type MailCatcher, startMailCatcher } from '../../demo/mail-catcher/mail-catcher.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { type Engine, startEngine } from './engine.js';
import { PlainOperator } from './plain-operator.js';
import { World } from './world.js';

/** What the engine is tried on: made before the tests of a block, gone after them. */
export interface Stand {
  readonly database: TestDatabase;
  readonly operator: PlainOperator;
  readonly engine: Engine;
  readonly world: World;
}

type Settings = Record<string, string | undefined>;

/** To be called once in a block of tests; what it gives may be read only inside of them. */
export function useStand(environment: Settings | (() => Settings) = {}): Stand {
  let stand: Stand | undefined;
  const set = (): Stand => {
    if (stand === undefined) throw new Error('the stand is there inside of a test only');
    return stand;
  };

  beforeAll(async () => {
    const database = await createTestDatabase();
    const operator = new PlainOperator();
    await operator.start();
    const engine = await startEngine(
      database,
      operator,
      typeof environment === 'function' ? environment() : environment,
    );
    stand = { database, operator, engine, world: new World(database.dataSource, engine) };
  });
  afterAll(async () => {
    const { database, operator, engine } = set();
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  return {
    get database() {
      return set().database;
    },
    get operator() {
      return set().operator;
    },
    get engine() {
      return set().engine;
    },
    get world() {
      return set().world;
    },
  };
}

/** The same with a mail relay that keeps what it is given. */
export interface MailStand extends Stand {
  readonly catcher: MailCatcher;
}

/** To be called once in a block of tests, as {@link useStand}. */
export function useMailStand(): MailStand {
  let catcher: MailCatcher | undefined;
  const set = (): MailCatcher => {
    if (catcher === undefined) throw new Error('the relay is there inside of a test only');
    return catcher;
  };

  beforeAll(async () => {
    catcher = await startMailCatcher();
  });
  const stand = useStand(() => ({
    SMTP_URL: set().smtpUrl,
    MAIL_FROM: 'Mon Suivi Justice <no-reply@msj.example>',
  }));
  afterAll(() => set().stop());

  return Object.defineProperty(stand as MailStand, 'catcher', { get: set });
}
