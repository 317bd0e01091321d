const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What PostgreSQL takes as a uuid without complaint; anything else cannot name a row of ours. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
