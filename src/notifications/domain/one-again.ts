/** A message that did not arrive, the appointment it tells of, and its next try, if any. */
interface Drawn {
  readonly row: { readonly messageId: string; readonly convocationId: string; readonly firstDueAt: Date };
  readonly again: object | null;
}

/**
 * No two texts about one appointment at once: of messages that would be tried again together, only the one due last
 * is. It says what the others did.
 */
export function oneAgain<D extends Drawn>(drawn: readonly D[]): D[] {
  const last = new Map<string, Drawn>();
  for (const one of drawn.filter(({ again }) => again !== null)) {
    const other = last.get(one.row.convocationId);
    if (other === undefined || isAfter(one, other)) last.set(one.row.convocationId, one);
  }
  return drawn.map((one) =>
    one.again === null || last.get(one.row.convocationId) === one ? one : { ...one, again: null },
  );
}

function isAfter({ row: one }: Drawn, { row: other }: Drawn): boolean {
  const later = one.firstDueAt.getTime() - other.firstDueAt.getTime();
  return later > 0 || (later === 0 && one.messageId > other.messageId);
}
