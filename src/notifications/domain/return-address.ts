/** 128 bits, as `newMailToken` writes them. */
const TOKEN = /^[0-9a-f]{32}$/;

/**
 * Envelope sender of one e-mail: what cannot be delivered comes back there (RFC 5321, section 4.4).
 * @param mailbox `retours@suivi.example`
 */
export function returnAddressOf(mailbox: string, token: string): string {
  const at = mailbox.lastIndexOf('@');
  return `${mailbox.slice(0, at)}+${token}${mailbox.slice(at)}`;
}

/** The token of a return address of this mailbox, capitals or not; null for any other address. */
export function returnTokenOf(mailbox: string, address: string): string | null {
  const said = address.toLowerCase();
  const token = said.slice(said.indexOf('+') + 1, said.lastIndexOf('@'));
  return TOKEN.test(token) && said === returnAddressOf(mailbox.toLowerCase(), token) ? token : null;
}
