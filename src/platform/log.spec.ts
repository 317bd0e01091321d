import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ArgumentsHost } from '@nestjs/common';
import express, { type NextFunction, type Request, type Response } from 'express';
import { QueryFailedError } from 'typeorm';
import { createLog, describeError, NestLog, requestLog, scrub } from './log.js';
import { ProblemJsonFilter } from './problem-json.filter.js';

const CANARIES = ['Quenelle', '+33612345678', 'quenelle@example.test', 's3cr3t-t0k3n'];

function captured(): { lines: string[]; stream: { write(line: string): void } } {
  const lines: string[] = [];
  return { lines, stream: { write: (line) => void lines.push(line) } };
}

describe('the log', () => {
  it('never repeats what an error quotes', () => {
    const quoted = `Unexpected token in JSON: "Quenelle +33612345678" for quenelle@example.test, 06 12 34 56 78`;
    const told = JSON.stringify(describeError(new SyntaxError(quoted)));
    for (const canary of [...CANARIES, '06 12 34']) expect(told).not.toContain(canary);
    expect(told).toContain('SyntaxError');
  });

  it('tells the kind and the place of a failed query, never its text or its parameters', () => {
    const driver = Object.assign(new Error('invalid input syntax for type date: "Quenelle"'), {
      code: '22007',
      table: 'person',
      detail: 'Key (email)=(quenelle@example.test)',
    });
    const error = new QueryFailedError("SELECT 'Quenelle'", ['+33612345678'], driver);
    const told = JSON.stringify(describeError(error));
    for (const canary of CANARIES) expect(told).not.toContain(canary);
    expect(describeError(error)).toMatchObject({ sqlState: '22007', table: 'person' });
  });

  it('redacts personal fields and scrubs the sentences of the framework', () => {
    const { lines, stream } = captured();
    const log = createLog({ LOG_LEVEL: 'trace', APP_ROLE: 'web' }, stream);
    log.info(
      { email: 'quenelle@example.test', person: { lastName: 'Quenelle', phone: '+33612345678' } },
      'registered',
    );
    log.error({ err: new Error('no agent "Quenelle"') }, 'fault');
    new NestLog(log).error('cannot write to quenelle@example.test', 's3cr3t'.slice(0, 0), 'Mailer');
    new NestLog(log).warn({ to: '+33612345678' });
    for (const canary of CANARIES) expect(lines.join('')).not.toContain(canary);
    expect(lines).toHaveLength(4);
  });

  it('says why a request failed, in its own line and in that of the request, and nothing of whom', async () => {
    const { lines, stream } = captured();
    const log = createLog({ LOG_LEVEL: 'info', APP_ROLE: 'web' }, stream);
    const error = Object.assign(new TypeError('cannot read "Quenelle" of quenelle@example.test'), {
      input: '+33612345678',
    });
    await failWith(error, log);
    const [fault, request] = lines.map((line) => JSON.parse(line));
    expect(fault).toMatchObject({
      msg: 'fault',
      err: { type: 'TypeError', message: 'cannot read "…" of …@…', frames: expect.any(Array) },
    });
    expect(request.err).toMatchObject({ type: 'Error', message: 'failed with status code 500' });
    for (const canary of CANARIES) expect(lines.join('')).not.toContain(canary);
  });

  it('keeps the sentence that follows what is counted', () => {
    const { lines, stream } = captured();
    const nest = new NestLog(createLog({ LOG_LEVEL: 'info', APP_ROLE: 'worker' }, stream));
    nest.warn({ endpointId: 'e1', end: 'dead' }, 'webhook of "Quenelle"', 'DeliverWebhooks');
    nest.log({ head: 'ab' }, 'SealJournal');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { endpointId: 'e1', end: 'dead', context: 'DeliverWebhooks', msg: 'webhook of "…"' },
      { head: 'ab', context: 'SealJournal', msg: '' },
    ]);
  });

  it('keeps what an operator needs', () => {
    expect(scrub('job send-12 failed after 3 tries')).toBe('job send-12 failed after 3 tries');
  });
});

/** One request to a server whose only page fails so; resolves when both lines are written. */
async function failWith(error: Error, log: ReturnType<typeof createLog>): Promise<void> {
  const app = express();
  app.use(requestLog(log));
  app.get('/', () => {
    throw error;
  });
  app.use((thrown: unknown, request: Request, response: Response, _next: NextFunction) => {
    const http = { getRequest: () => request, getResponse: () => response };
    new ProblemJsonFilter(log).catch(thrown, { switchToHttp: () => http } as unknown as ArgumentsHost);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text();
  server.close();
  await once(server, 'close');
}
