import type { EntityManager } from 'typeorm';
import { personsWith } from './phone-block.js';
import { stopMessages } from './sms-refusal.js';

/**
 * Whoever holds a number asks for no more texts there, by an answer or by the link of a text: a refusal of everybody
 * registered with it, since nobody knows whose hand it was. Each resumes by their own word.
 * @param about the convocation of the text, and whose it is; absent: not known
 * @returns false when the number is nobody's any more
 */
export async function stopNumber(
  tx: EntityManager,
  phoneId: string,
  about?: { readonly personId: string; readonly convocationId: string },
): Promise<boolean> {
  const personIds = await personsWith(tx, phoneId);
  const shared = personIds.length > 1 ? { shared: true as const } : {};
  for (const personId of personIds) {
    const own = about?.personId === personId ? { convocationId: about.convocationId } : {};
    await stopMessages(tx, null, { personId, origin: 'person', ...own, ...shared });
  }
  return personIds.length > 0;
}
