import { QueryFailedError } from 'typeorm';
import { createLog, describeError, NestLog, scrub } from './log.js';

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

  it('keeps what an operator needs', () => {
    expect(scrub('job send-12 failed after 3 tries')).toBe('job send-12 failed after 3 tries');
  });
});
