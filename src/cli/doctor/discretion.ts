import type { Env } from '../../../config/env.js';
import { penalWords } from '../../notifications/domain/penal-words.js';
import { type Finding, ok, warning } from './finding.js';

/**
 * Every text carries its sender, every e-mail its own, and the first one of a convocation the host of its link,
 * whatever the register.
 */
export function discretion(env: Readonly<Env>): Finding {
  const carried: Readonly<Record<string, string | undefined>> = {
    PUBLIC_BASE_URL: new URL(env.PUBLIC_BASE_URL).hostname,
    TWILIO_SENDER: env.TWILIO_SENDER,
    LINK_MOBILITY_SENDER: env.LINK_MOBILITY_SENDER,
    MAIL_FROM: env.MAIL_FROM,
    MAIL_RETURN_ADDRESS: env.MAIL_RETURN_ADDRESS,
  };
  const speaking = Object.entries(carried).flatMap(([name, value]) =>
    speaksOfJustice(value ?? '') ? [name] : [],
  );
  return speaking.length === 0
    ? ok('discretion', 'neither the senders nor the host of the links speak of justice')
    : warning(
        'discretion',
        `messages to shared telephones and mailboxes name justice by ${speaking.join(', ')}`,
      );
}

/** What names of hosts and senders glue together, or cut to eleven characters. */
const GLUED = /jus|spip|tribunal|judiciaire|penal|probation|prison/i;

function speaksOfJustice(name: string): boolean {
  return GLUED.test(name) || penalWords(apart(name), 'fr').length > 0;
}

/** « RdvJAP92 » as « Rdv JAP 92 ». */
function apart(name: string): string {
  return name.replace(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/gu, ' ');
}
