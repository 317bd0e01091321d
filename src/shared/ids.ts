const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What PostgreSQL takes as a uuid without complaint; anything else cannot name a row of ours. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * A uuid of version 7 (RFC 9562): 48 bits of time, then random ones. Rows that are only added to stay together in
 * their index.
 *
 * @param epochMilliseconds 0 to 2^48 - 1
 * @param random 10 random bytes
 */
export function timeOrderedUuid(epochMilliseconds: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(epochMilliseconds, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
