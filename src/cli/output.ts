/** A mistake of the operator: said in one sentence, without a stack. */
export class CommandError extends Error {}

/** The report of a command: sentences for a person, or one line of JSON for a program. */
export function report(json: boolean | undefined, value: object, sentences: readonly string[]): void {
  process.stdout.write(json === true ? `${JSON.stringify(value)}\n` : `${sentences.join('\n')}\n`);
}

/** « 1 row », « 2 rows ». */
export function counted(n: number, noun: string, many = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : many}`;
}
