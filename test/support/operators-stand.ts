import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { createTestDatabase, moveClock, type TestDatabase } from './database.js';
import { type Engine, startEngine } from './engine.js';
import { aMobile, at, World } from './world.js';

export const AUTH_TOKEN = 'the-token-of-the-simulator';

interface Parts {
  readonly database: TestDatabase;
  readonly simulator: OperatorSimulator;
  readonly engine: Engine;
  readonly world: World;
}

/** Both operators of the simulator and an engine that knows both, begun anew by each test and ended after it. */
export class OperatorsStand {
  private parts: Parts | undefined;

  constructor(private readonly redisUrl: string | undefined) {
    afterEach(() => this.stop());
  }

  get database(): TestDatabase {
    return this.begun.database;
  }
  get simulator(): OperatorSimulator {
    return this.begun.simulator;
  }
  get engine(): Engine {
    return this.begun.engine;
  }
  get world(): World {
    return this.begun.world;
  }

  async start(more: Record<string, string | undefined> = {}): Promise<void> {
    const database = await createTestDatabase();
    const simulator = await startOperatorSimulator({
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: AUTH_TOKEN,
      receiptStepMs: 5,
      control: { receipts: false },
    });
    const engine = await startEngine(
      database,
      { url: simulator.url, authToken: AUTH_TOKEN },
      {
        REDIS_URL: this.redisUrl,
        DATABASE_POOL_SIZE: '1',
        SMS_PROVIDERS: 'twilio,link-mobility',
        LINK_MOBILITY_ACCOUNT: `AC${'0'.repeat(32)}`,
        LINK_MOBILITY_PASSWORD: AUTH_TOKEN,
        LINK_MOBILITY_SENDER: 'MonSuiviJus',
        LINK_MOBILITY_API_BASE_URL: simulator.linkUrl,
        ...more,
      },
    );
    this.parts = { database, simulator, engine, world: new World(database.dataSource, engine) };
  }

  /** Seconds after ten o'clock in Paris, on 3 June 2026. */
  clock(seconds: number): Promise<void> {
    const ten = Date.parse(at('2026-06-03', '10:00'));
    return moveClock(this.database.dataSource, new Date(ten + seconds * 1000).toISOString());
  }

  summon(phone = aMobile()): Promise<string> {
    return this.world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
  }

  private get begun(): Parts {
    if (this.parts === undefined) throw new Error('start() comes first');
    return this.parts;
  }

  private async stop(): Promise<void> {
    const { engine, simulator, database } = this.begun;
    await engine.stop();
    await simulator.stop();
    await database.drop();
  }
}

/** The simulator alone, begun anew before each test, which sends no receipts; to be called once in a block of tests. */
export function useSilentSimulator(): { readonly simulator: OperatorSimulator } {
  let simulator: OperatorSimulator;
  beforeEach(async () => {
    simulator = await startOperatorSimulator({
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: AUTH_TOKEN,
      control: { receipts: false },
    });
  });
  afterEach(() => simulator.stop());

  return {
    get simulator() {
      return simulator;
    },
  };
}
