const RANDOM = [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, /\\+x[0-9a-f]+/gi, /\d\d:\d\d:\d\d\.\d+/g];

/**
 * The text without UUIDs, bytes in hexadecimal and fractions of a second: digits that must not be told are looked
 * for in the rest, where none can stand by chance.
 */
export function withoutRandom(text: string): string {
  return RANDOM.reduce((left, pattern) => left.replace(pattern, '…'), text);
}
