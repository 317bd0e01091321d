/** Spaces, controls, marks without a letter under them and letters that fonts leave blank. */
const NOTHING = /^[\p{C}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** Whether a phone would show nothing of it, whatever its length. */
export function isBlank(text: string): boolean {
  return NOTHING.test(text);
}
