import pg from 'pg';
import type { Mail } from '../mail-catcher/read-mail.js';
import type { ControlChange } from '../operator-simulator/simulator.js';
import type { CreateEntry, LogEntry } from '../operator-simulator/types.js';
import type { RunningDemo } from '../supervisor/start-demo.js';
import { waitFor } from '../support/processes.js';

export type Row = Readonly<Record<string, unknown>>;

/** What the story may touch: the public API, the clock, SQL, the operator's and the mail catcher's logs. */
export class Stage {
  private constructor(
    readonly demo: RunningDemo,
    private readonly database: pg.Client,
  ) {}

  static async open(demo: RunningDemo): Promise<Stage> {
    const database = new pg.Client({ connectionString: demo.database.url, application_name: 'msj-story' });
    database.on('error', () => undefined);
    await database.connect();
    return new Stage(demo, database);
  }

  close(): Promise<void> {
    return this.database.end();
  }

  async sql(text: string, ...parameters: unknown[]): Promise<readonly Row[]> {
    return (await this.database.query<Row>(text, parameters)).rows;
  }

  /**
   * Asks the JSON API with the key of a service.
   * @returns body and status, whatever they are
   */
  async api(
    service: string,
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Row }> {
    const key = this.demo.file.apiKeys.find(({ organization }) => organization === service)?.key ?? '';
    const answer = await fetch(`${this.demo.file.baseUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Row };
  }

  /** @throws Error when the API refuses */
  async must(service: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Row> {
    const answer = await this.api(service, method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Moves the clock of every process to this instant; nothing may be in flight. */
  async moveClock(to: string): Promise<void> {
    await this.settle();
    await this.operator({ clockOffsetMs: Date.parse(to) - Date.now() });
    await this.sql(
      `INSERT INTO clock_offset (shift) VALUES ($1::timestamptz - clock_timestamp())
       ON CONFLICT (only_row) DO UPDATE SET shift = excluded.shift`,
      to,
    );
  }

  /** Waits until the relay has looked for due messages at the present simulated time. */
  async relayRan(): Promise<void> {
    const [start] = await this.sql('SELECT app_now() AS now');
    await waitFor(async () => {
      const [run] = await this.sql(
        `SELECT FROM task_run WHERE task = 'relay' AND last_run_at > $1::timestamptz`,
        start?.['now'],
      );
      return run !== undefined;
    }, 10_000);
  }

  /** Nothing claimed, nothing on the line. */
  async settle(): Promise<void> {
    await waitFor(async () => {
      const rows = await this.sql(`SELECT FROM message WHERE state IN ('queued', 'sending') LIMIT 1`);
      return rows.length === 0;
    }, 15_000);
  }

  async operator(change: ControlChange): Promise<void> {
    await fetch(`${this.demo.file.simulatorUrl}/control`, { method: 'POST', body: JSON.stringify(change) });
  }

  /** Texts the operator took, in order; of one number, or all. */
  async texts(to?: string): Promise<readonly CreateEntry[]> {
    const answer = await fetch(`${this.demo.file.simulatorUrl}/log`);
    const entries = (await answer.json()) as LogEntry[];
    return entries.filter(
      (entry): entry is CreateEntry =>
        entry.kind === 'create' && entry.accepted && (to === undefined || entry.to === to),
    );
  }

  async mails(to?: string): Promise<readonly Mail[]> {
    const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
    return (await (await fetch(`${this.demo.file.mailUrl}/messages${query}`)).json()) as Mail[];
  }

  /** True when as many texts have reached the number within ten seconds. */
  received(to: string, count: number): Promise<boolean> {
    return waitFor(async () => (await this.texts(to)).length >= count, 10_000);
  }
}
