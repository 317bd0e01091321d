import { freePort } from '../support/free-port.js';

/** Of everything a demo starts, all on the loopback address. */
export interface Ports {
  readonly web: number;
  readonly worker: number;
  readonly simulator: number;
  readonly link: number;
  readonly mail: number;
  readonly smtp: number;
}

/** @param wanted of the web process; 0: any free one */
export async function choosePorts(wanted: number): Promise<Ports> {
  const web = wanted === 0 ? await freePort() : wanted;
  const [worker, simulator, link, mail, smtp] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  return { web, worker, simulator, link, mail, smtp };
}

/** Address of a port of this machine. */
export function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}
