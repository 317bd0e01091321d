import { PreparingClient } from '../../src/platform/prepared.js';

/** What frames a transaction; all else counts, what a transaction says as it opens too. */
const FRAME = /^(START TRANSACTION|BEGIN|COMMIT|ROLLBACK|SET TRANSACTION ISOLATION LEVEL .*)$/i;

/** The connections of `createTestDatabase`. */
const OF_THE_TEST = 'msj-test';

interface Sending {
  readonly connectionParameters: { readonly application_name?: string };
  run(...given: unknown[]): unknown;
}

/**
 * Writes down every statement that the connections of the application send while `work` goes on, whoever asked for it.
 * Those of the queue and of the test itself are not among them.
 */
export async function recordStatements(work: () => Promise<void>): Promise<readonly string[]> {
  const client = PreparingClient.prototype as unknown as Sending;
  const { run } = client;
  const seen: string[] = [];
  client.run = function (this: Sending, ...given: unknown[]): unknown {
    if (this.connectionParameters.application_name !== OF_THE_TEST) seen.push(...statementsOf(given[0]));
    return run.apply(this, given);
  };
  try {
    await work();
  } finally {
    client.run = run;
  }
  return seen;
}

/** Several may go in one text. */
function statementsOf(given: unknown): readonly string[] {
  const text = typeof given === 'string' ? given : (given as { readonly text: string }).text;
  return text
    .replace(/--.*$/gm, '')
    .split(';')
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .filter((part) => part !== '' && !FRAME.test(part));
}
