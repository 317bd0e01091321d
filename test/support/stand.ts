import { type MailCatcher, startMailCatcher } from '../../demo/mail-catcher/mail-catcher.js';
import { BadRelay } from './bad-relay.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { type Engine, startEngine } from './engine.js';
import { PlainOperator } from './plain-operator.js';
import { World } from './world.js';

/** What the engine is tried on: made before the tests of a block, gone after them; or before and after each. */
export interface Stand {
  readonly database: TestDatabase;
  readonly operator: PlainOperator;
  readonly engine: Engine;
  readonly world: World;
}

type Settings = Record<string, string | undefined>;

const LIVES = {
  block: { before: beforeAll, after: afterAll },
  test: { before: beforeEach, after: afterEach },
};
type Life = keyof typeof LIVES;

/** What a hook makes for the tests: not there outside of them. */
class Held<Made> {
  private made: Made | undefined;

  readonly set = (made: Made): void => {
    this.made = made;
  };

  readonly get = (): Made => {
    if (this.made === undefined) throw new Error('the stand is there inside of a test only');
    return this.made;
  };
}

/** To be called once in a block of tests; what it gives may be read only inside of them. */
export function useStand(environment: Settings | (() => Settings) = {}, life: Life = 'block'): Stand {
  const { before, after } = LIVES[life];
  const stand = new Held<Stand>();

  before(async () => {
    const database = await createTestDatabase();
    const operator = new PlainOperator();
    await operator.start();
    const engine = await startEngine(
      database,
      operator,
      typeof environment === 'function' ? environment() : environment,
    );
    stand.set({ database, operator, engine, world: new World(database.dataSource, engine) });
  });
  after(async () => {
    const { database, operator, engine } = stand.get();
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  return {
    get database() {
      return stand.get().database;
    },
    get operator() {
      return stand.get().operator;
    },
    get engine() {
      return stand.get().engine;
    },
    get world() {
      return stand.get().world;
    },
  };
}

const mailThrough = (smtpUrl: string): Settings => ({
  SMTP_URL: smtpUrl,
  MAIL_FROM: 'Mon Suivi Justice <no-reply@msj.example>',
});

/** The same with a mail relay that keeps what it is given. */
export interface MailStand extends Stand {
  readonly catcher: MailCatcher;
}

/** To be called once in a block of tests, as {@link useStand}. */
export function useMailStand(): MailStand {
  const catcher = new Held<MailCatcher>();
  beforeAll(async () => {
    catcher.set(await startMailCatcher());
  });
  const stand = useStand(() => mailThrough(catcher.get().smtpUrl));
  afterAll(() => catcher.get().stop());

  return Object.defineProperty(stand as MailStand, 'catcher', { get: catcher.get });
}

/** The same with a mail relay that misbehaves as it is told. */
export interface RelayStand extends Stand {
  readonly relay: BadRelay;
}

/** To be called once in a block of tests, as {@link useStand}. */
export function useRelayStand(more: Settings = {}, life: Life = 'block'): RelayStand {
  const { before, after } = LIVES[life];
  const relay = new Held<BadRelay>();
  before(async () => {
    relay.set(await new BadRelay().start());
  });
  // Before the engine stops, which would wait for what hangs.
  after(() => relay.get().cut());
  const stand = useStand(() => ({ ...mailThrough(relay.get().smtpUrl), ...more }), life);
  after(() => relay.get().stop());

  return Object.defineProperty(stand as RelayStand, 'relay', { get: relay.get });
}
