/** In this order: Edge says it is Chrome, Chrome says it is Safari. */
const BROWSERS: readonly (readonly [string, string])[] = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
];
/** Android says it is Linux, an iPhone says it is like a Mac. */
const SYSTEMS: readonly (readonly [string, string])[] = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Macintosh', 'Mac'],
  ['Linux', 'Linux'],
];

/**
 * What a session list says of a browser: family and system, nothing finer, so that the list is no fingerprint.
 * @param userAgent header of the request, any text
 */
export function browserFamily(userAgent: string | undefined): string {
  const text = userAgent ?? '';
  const find = (known: typeof BROWSERS) => known.find(([mark]) => text.includes(mark))?.[1];
  const browser = find(BROWSERS) ?? 'Navigateur inconnu';
  const system = find(SYSTEMS);
  return system === undefined ? browser : `${browser}, ${system}`;
}
