import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * `pass` carries both ways; `blackhole` accepts and keeps connections and carries nothing (a half-open network);
 * `reset` answers each connection by a reset; `deaf` carries what the client says and nothing of what is answered.
 */
export type ProxyMode = 'pass' | 'blackhole' | 'reset' | 'deaf';

/** Between a client of ours and a server: what a bad network does, on demand. */
export class TcpProxy {
  mode: ProxyMode = 'pass';
  /** Milliseconds added to each piece carried, in each direction. */
  latencyMs = 0;
  /** Bytes of one connection from client to server after which it is reset; null: never. */
  resetAfterBytes: number | null = null;
  /** Connections taken so far. */
  taken = 0;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  /** Once known, kept: a server that comes back comes back where it was. */
  port = 0;
  private readonly server: Server = createServer({ noDelay: true }, (client) => this.take(client));

  private constructor(public targetPort: number) {}

  static async before(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    await proxy.listen();
    return proxy;
  }

  /** Takes connections (again). */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Refuses every connection, and resets those that are open. */
  async refuse(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.resetAll();
    await closed;
  }

  /** The same address with this proxy's port. */
  inFrontOf(url: string): string {
    const moved = new URL(url);
    moved.hostname = '127.0.0.1';
    moved.port = String(this.port);
    return moved.toString().replace(/\/$/, '');
  }

  /** Resets every connection that is open. */
  resetAll(): void {
    for (const [client, upstream] of this.pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    this.pairs.clear();
  }

  stop(): Promise<void> {
    return this.refuse();
  }

  private take(client: Socket): void {
    this.taken++;
    client.on('error', () => undefined);
    if (this.mode === 'reset') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ port: this.targetPort, host: '127.0.0.1', noDelay: true });
    const pair = [client, upstream] as const;
    this.pairs.add(pair);
    this.carry(pair, client, upstream, () => this.mode !== 'blackhole');
    this.carry(pair, upstream, client, () => this.mode === 'pass');
  }

  private carry(pair: readonly [Socket, Socket], from: Socket, to: Socket, isOpen: () => boolean): void {
    let bytes = 0;
    from.on('data', (chunk: Buffer) => {
      if (!isOpen()) return;
      if (this.latencyMs === 0) to.write(chunk);
      else setTimeout(() => to.write(chunk), this.latencyMs).unref();
      bytes += chunk.length;
      if (from !== pair[0] || this.resetAfterBytes === null || bytes < this.resetAfterBytes) return;
      // What was said has reached the server; its answer never comes back.
      to.end();
      from.resetAndDestroy();
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.pairs.delete(pair);
      if (this.mode !== 'blackhole') to.destroy();
    });
  }
}
