import type { EntityManager } from 'typeorm';
import { openContact } from '../../platform/contacts.js';
import { CannotOpen } from '../../platform/sealing.js';
import type { Channel } from '../domain/notification.states.js';
import type { SendContext } from './send-context.js';

/** A number or an address, and the contact that holds it. */
export interface Recipient {
  readonly id: string;
  readonly value: string;
}

/**
 * Opened at the last moment; undefined when it cannot be, `unknown-key` when another process could: the other messages
 * of the batch leave.
 */
export function openRecipient(
  tx: EntityManager,
  id: string | null,
  sealed: Buffer | null,
): Recipient | 'unknown-key' | undefined {
  try {
    const value = openContact(tx, id, sealed);
    return id === null || value === null ? undefined : { id, value };
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    return error.reason === 'unknown-key' ? error.reason : undefined;
  }
}

/** By the way that was decided. */
export function recipientOf(
  tx: EntityManager,
  { phoneId, phoneSealed, emailId, emailSealed }: SendContext,
  channel: Channel,
): Recipient | 'unknown-key' | undefined {
  return channel === 'sms'
    ? openRecipient(tx, phoneId, phoneSealed)
    : openRecipient(tx, emailId, emailSealed);
}
