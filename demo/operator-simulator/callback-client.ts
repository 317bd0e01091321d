import http from 'node:http';
import https from 'node:https';

const TIMEOUT_MS = 15_000;

export interface CallbackAnswer {
  readonly status: number;
  readonly text: string;
}

/** Posts forms to the application, as an operator calls back. */
export class CallbackClient {
  private readonly agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: 32 }),
    https: new https.Agent({ keepAlive: true, maxSockets: 32 }),
  };

  /** @param connectTo `host:port` to connect to, whatever the address says: inside a network of containers */
  constructor(private readonly connectTo: string | undefined) {}

  stop(): void {
    this.agents.http.destroy();
    this.agents.https.destroy();
  }

  /** Null when nobody answered. */
  post(
    url: string,
    parameters: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<CallbackAnswer | null> {
    const body = new URLSearchParams(parameters).toString();
    const secure = url.startsWith('https:');
    const options = {
      method: 'POST',
      agent: secure ? this.agents.https : this.agents.http,
      timeout: TIMEOUT_MS,
      ...this.target(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'content-length': Buffer.byteLength(body),
        ...headers,
      },
    };
    return new Promise((resolve) => {
      const request = (secure ? https : http).request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('close', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      });
      request.once('timeout', () => request.destroy());
      request.once('error', () => resolve(null));
      request.end(body);
    });
  }

  private target(): { host: string; port: string } | undefined {
    const [host, port] = this.connectTo?.split(':') ?? [];
    return host === undefined || port === undefined ? undefined : { host, port };
  }
}
