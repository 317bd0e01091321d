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

/** To be called once in a block of tests; what it gives may be read only inside of them. */
export function useStand(environment: Record<string, string | undefined> = {}): Stand {
  let stand: Stand | undefined;
  const set = (): Stand => {
    if (stand === undefined) throw new Error('the stand is there inside of a test only');
    return stand;
  };

  beforeAll(async () => {
    const database = await createTestDatabase();
    const operator = new PlainOperator();
    await operator.start();
    const engine = await startEngine(database, operator, environment);
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
