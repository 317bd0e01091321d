import { ID_TOKEN_CONTEXT } from '../../agents/oidc/sign-in-by-provider.js';
import { secretContext } from '../../agents/second-factor/code-check.js';
import { contactContext } from '../../platform/contacts.js';
import { answerContext } from '../../platform/idempotency.js';
import { webhookSecretContext } from '../../webhooks/webhook-secrets.js';

/** A column of sealed bytes: what must be sealed again when the keys change. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** Column that the context names, a uuid. */
  readonly key: string;
  readonly context: (key: string) => string;
}

/** `contact.value_sealed` is apart: its indexes change with it (`rotate-contacts.ts`). */
export const CONTACTS: SealedColumn = {
  table: 'contact',
  column: 'value_sealed',
  key: 'id',
  context: contactContext,
};

/** All the others. A test holds this list to the columns of the database. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'idempotency_key', column: 'body_sealed', key: 'id', context: answerContext },
  { table: 'agent', column: 'totp_secret', key: 'id', context: secretContext },
  { table: 'session', column: 'totp_pending', key: 'agent_id', context: secretContext },
  { table: 'session', column: 'oidc_id_token', key: 'agent_id', context: () => ID_TOKEN_CONTEXT },
  { table: 'webhook_endpoint', column: 'secret_sealed', key: 'id', context: webhookSecretContext },
  { table: 'webhook_endpoint', column: 'old_secret_sealed', key: 'id', context: webhookSecretContext },
  { table: 'webhook_endpoint', column: 'older_secret_sealed', key: 'id', context: webhookSecretContext },
];
