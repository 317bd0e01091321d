import { type FieldError } from '../../shared/domain-error.js';

export interface UrlRules {
  /** Demo and test: plain http and any port too, for a receiver on this machine. */
  readonly isRelaxed: boolean;
}

const LONGEST = 500;
const USUAL_PORTS = [443, 8443];
const FIRST_FREE_PORT = 1024;

/**
 * The address of a receiver, in its one normal form. What its name resolves to is checked at each call, not here.
 * @returns what is wrong with it, at the field `url`
 */
export function checkWebhookUrl(text: string, { isRelaxed }: UrlRules): URL | FieldError {
  if (text.length > LONGEST) return fault('length');
  if (!URL.canParse(text)) return fault('malformed');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(isRelaxed && url.protocol === 'http:')) return fault('https');
  if (url.username !== '' || url.password !== '') return fault('credentials');
  if (url.hash !== '') return fault('fragment');
  if (!isRelaxed && !isPortAllowed(url.port)) return fault('port');
  return url;
}

function isPortAllowed(port: string): boolean {
  const number = port === '' ? 443 : Number(port);
  return USUAL_PORTS.includes(number) || number >= FIRST_FREE_PORT;
}

function fault(code: string): FieldError {
  return { field: 'url', code, message: 'https, without user and password, port 443, 8443 or above 1023' };
}
