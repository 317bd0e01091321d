import pg from 'pg';
import type { Mail } from '../mail-catcher/read-mail.js';
import type { CallbackEntry, ControlChange, CreateEntry, LogEntry } from '../operator-simulator/types.js';
import type { RunningDemo } from '../supervisor/start-demo.js';
import { waitFor } from '../support/processes.js';

export type Row = Readonly<Record<string, unknown>>;

/** A text or a mail that really left, by the log of who took it. */
export interface Taken {
  /** E.164 number or mail address. */
  readonly to: string;
  readonly body: string;
  /** Epoch milliseconds of the simulated clock. */
  readonly at: number;
}

/** What the story may touch: pages and API, the clock, SQL, the operator's and the mail catcher's logs. */
export class Stage {
  /** Real instants at which the clock was moved, and by how much; in milliseconds. */
  private readonly moves: { readonly since: number; readonly offset: number }[] = [];

  private constructor(
    readonly demo: RunningDemo,
    private readonly database: pg.Client,
  ) {}

  static async open(demo: RunningDemo): Promise<Stage> {
    // As the owner, who sees what every service sees.
    const connectionString = demo.database.ownerUrl;
    const database = new pg.Client({ connectionString, application_name: 'msj-story' });
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

  async count(from: string, ...parameters: unknown[]): Promise<number> {
    const [row] = await this.sql(`SELECT count(*)::integer AS n FROM ${from}`, ...parameters);
    return Number(row?.['n']);
  }

  /**
   * Moves the clock of every process.
   * @param to epoch milliseconds
   * @param settled false when what is on the line must not be waited for
   */
  async moveClock(to: number, { settled = true } = {}): Promise<void> {
    if (settled) await this.settle();
    const offset = to - Date.now();
    this.moves.push({ since: Date.now(), offset });
    await this.operator({ clockOffsetMs: offset });
    await this.sql(
      `INSERT INTO clock_offset (shift) VALUES ($1::timestamptz - clock_timestamp())
       ON CONFLICT (only_row) DO UPDATE SET shift = excluded.shift`,
      new Date(to).toISOString(),
    );
  }

  /** Epoch milliseconds of the service's clock. */
  async now(): Promise<number> {
    const [row] = await this.sql('SELECT app_now() AS now');
    return (row?.['now'] as Date).getTime();
  }

  /** The relay has looked for due messages at the present simulated time, and what it found has left. */
  async relayRan(): Promise<void> {
    const start = new Date(await this.now());
    const ran = await waitFor(
      async () => (await this.count(`task_run WHERE task = 'relay' AND last_run_at > $1`, start)) > 0,
      20_000,
    );
    if (!ran) throw new Error('the relay does not run');
    await this.settle();
  }

  async operator(change: ControlChange): Promise<void> {
    await fetch(`${this.demo.file.simulatorUrl}/control`, { method: 'POST', body: JSON.stringify(change) });
  }

  /** Requests to send that the operator accepted, oldest first. */
  async accepted(): Promise<readonly CreateEntry[]> {
    return (await this.log()).filter((entry) => entry.kind === 'create').filter(({ accepted }) => accepted);
  }

  /** Receipts of this status that the operator brought to the service, which believed them. */
  async receipts(status: string): Promise<readonly CallbackEntry[]> {
    return (await this.log())
      .filter((entry) => entry.kind === 'callback')
      .filter((entry) => entry.status === status && entry.httpStatus === 204);
  }

  async texts(to?: string): Promise<readonly Taken[]> {
    return (await this.accepted())
      .map((entry) => ({
        to: entry.to,
        body: entry.body,
        at: Date.parse(entry.simulatedAt ?? entry.at),
      }))
      .filter((text) => to === undefined || text.to === to);
  }

  /** The mail catcher knows real time only: what the clock said then is added here. */
  async mails(to?: string): Promise<readonly Taken[]> {
    const mails = (await (await fetch(`${this.demo.file.mailUrl}/messages`)).json()) as Mail[];
    return mails
      .map((mail) => ({ to: mail.to, body: mail.body, at: this.simulated(Date.parse(mail.at)) }))
      .filter((mail) => to === undefined || mail.to === to);
  }

  private simulated(real: number): number {
    return real + (this.moves.findLast(({ since }) => since <= real)?.offset ?? 0);
  }

  private async log(): Promise<readonly LogEntry[]> {
    return (await (await fetch(`${this.demo.file.simulatorUrl}/log`)).json()) as LogEntry[];
  }

  /** Nothing claimed, nothing on the line. */
  private async settle(): Promise<void> {
    await waitFor(
      async () => (await this.count(`message WHERE state IN ('queued', 'sending')`)) === 0,
      15_000,
    );
  }
}
