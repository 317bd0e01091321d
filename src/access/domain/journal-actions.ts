/**
 * Everything the journal tells, as a closed list: an act that is not named here cannot be written. Words on screen:
 * `back-office/journal/journal-words.ts`.
 */
export const JOURNAL_ACTIONS = [
  // A person's file
  'file.read',
  'file.changed',
  'contact.revealed',
  'person.searched',
  // Whatever else a write route changed; its detail names the route
  'route.written',
  // What leaves the service
  'export.made',
  'certificate.issued',
  'certificate.checked',
  'message.sent',
  'template.reviewed',
  // The journal itself
  'journal.read',
  // Sign-in
  'sign-in.succeeded',
  'sign-in.failed',
  'sign-in.break-glass',
  'sign-in.refreshed',
  'sign-out',
  'session.revoked',
  'password.changed',
  'password.reset-asked',
  'second-factor.enrolled',
  'second-factor.removed',
  'recovery-code.used',
  'recovery-codes.made',
  // Agents and their rights
  'agent.invited',
  'agent.joined',
  'agent.changed',
  'agent.role-changed',
  'agent.moved',
  'agent.absence-changed',
  'agent.left',
  'charter.accepted',
  'persons.handed-over',
  'impersonation.started',
  'impersonation.ended',
  'alert.published',
  // Console, programs and operations
  'organization.changed',
  'api-key.created',
  'api-key.rotated',
  'api-key.revoked',
  'webhook.changed',
  'webhook.replayed',
  'jobs.opened',
  'hold.changed',
  'backup.made',
  'backup.restored',
  'encryption.rotated',
] as const;

export type JournalAction = (typeof JOURNAL_ACTIONS)[number];

/**
 * Months during which an entry names agent and person; afterwards only digests remain. One year: the upper end that
 * CNIL names for the log of consultations of a processing (recommendation 2021-122 of 14 October 2021, six months to
 * one year). The trigger of `journal_entry` holds the same number.
 */
export const NAMED_MONTHS = 12;

/** Files that one agent may open in one day before administrators are told. */
export const MANY_FILES_A_DAY = 500;
