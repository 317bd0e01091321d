import { connect, createServer, type Server, type Socket } from 'node:net';

const STARTUP_LENGTH_BYTES = 4;
const HEAD_BYTES = 5;
/** What opens, scopes or ends a transaction is no question of a page; `/health` of the pool is none either. */
const AROUND = /^(START TRANSACTION|BEGIN|COMMIT|ROLLBACK|SET )/i;

/**
 * Stands between the service and PostgreSQL and counts the statements that are really executed, by the messages of
 * the protocol: one of the `simple` kind, or each execution of a prepared one. Slows what it counts: never timed.
 */
export class StatementCounter {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  count = 0;

  constructor(private readonly databaseUrl: string) {}

  /** @returns the address to give to the service instead */
  async start(): Promise<string> {
    const target = new URL(this.databaseUrl);
    this.server = createServer((client) => this.join(client, target));
    await new Promise<void>((ready) => this.server?.listen(0, '127.0.0.1', ready));
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const own = new URL(this.databaseUrl);
    own.host = `127.0.0.1:${address.port}`;
    return own.toString();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((closed) => {
      if (this.server === undefined) closed();
      else this.server.close(() => closed());
    });
  }

  private join(client: Socket, { hostname, port }: URL): void {
    const database = connect(Number(port), hostname);
    const reader = new FrontendReader(() => (this.count += 1));
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
    client.on('data', (bytes) => {
      reader.read(bytes);
      database.write(bytes);
    });
    database.on('data', (bytes) => client.write(bytes));
  }
}

/** Messages of one client: after the first, each is a letter, a length that counts itself, and a body. */
class FrontendReader {
  private held = Buffer.alloc(0);
  private started = false;
  private readonly texts = new Map<string, string>();
  private bound = '';

  constructor(private readonly onStatement: () => void) {}

  read(bytes: Buffer): void {
    this.held = Buffer.concat([this.held, bytes]);
    for (let size = this.size(); size > 0 && this.held.length >= size; size = this.size()) {
      const message = this.held.subarray(0, size);
      this.held = this.held.subarray(size);
      if (this.started) this.take(message);
      this.started = true;
    }
  }

  private size(): number {
    if (!this.started) return this.held.length < STARTUP_LENGTH_BYTES ? 0 : this.held.readUInt32BE(0);
    return this.held.length < HEAD_BYTES ? 0 : this.held.readUInt32BE(1) + 1;
  }

  private take(message: Buffer): void {
    const kind = String.fromCharCode(message[0] ?? 0);
    const [first = '', second = ''] = message.subarray(HEAD_BYTES).toString('utf8').split('\0');
    if (kind === 'P') this.texts.set(first, second);
    if (kind === 'B') this.bound = this.texts.get(second) ?? '';
    if (kind === 'Q' && !AROUND.test(first)) this.onStatement();
    if (kind === 'E' && !AROUND.test(this.bound)) this.onStatement();
  }
}
