/**
 * The same pure function, with its latest answers kept: for what a batch of messages asks again and again.
 * @param most answers kept at once; beyond, all are forgotten
 */
export function remembering<A extends readonly string[], T>(
  work: (...asked: A) => T,
  most = 1_000,
): (...asked: A) => T {
  const known = new Map<string, T>();
  return (...asked) => {
    const key = asked.join('\0');
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const fresh = work(...asked);
    if (known.size >= most) known.clear();
    known.set(key, fresh);
    return fresh;
  };
}
