/** The sentence that `?done=` in an address asks for; null for a word that no page of ours writes there. */
export function doneSentence(sentences: Readonly<Record<string, string>>, done: unknown): string | null {
  return typeof done === 'string' && Object.hasOwn(sentences, done) ? (sentences[done] ?? null) : null;
}
