import { type Algorithm, hash, verify } from '@node-rs/argon2';

/** OWASP's first choice plus margin: 64 MiB, 3 passes, 1 lane. */
const COST = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 };

/** Hash of a password that nobody has, of the same cost: an unknown account takes as long as a known one. */
const NOBODY = hash('nobody signs in with this', COST);

/** About 0.1 s of processor and 64 MiB: never inside a transaction. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** The same work whether the account exists, has a password, or not. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  const matches = await verify(stored ?? (await NOBODY), password);
  return stored !== null && matches;
}
