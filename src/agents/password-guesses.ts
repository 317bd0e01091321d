import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { passwordFault, type PasswordFault } from './domain/password.js';

/** zxcvbn's best mark: more than 10¹⁰ guesses, beyond an attack that throttling slows down (CNIL 2022-100 § 3.2). */
const MARK_ASKED = 4;
/** Only these are looked at, which can but lower the mark: zxcvbn's time grows with the square of the length. */
const CHARACTERS_LOOKED_AT = 48;
const MOST_SUBSTITUTIONS = 20;

let loading: Promise<ZxcvbnFactory> | undefined;

/**
 * What is wrong with a chosen password, or null; rules first, then guessability in French. The first call loads 40 MB
 * of dictionaries (0.3 s): neither the start nor a worker pays for them.
 */
export async function faultOf(password: string, about: readonly string[]): Promise<PasswordFault | null> {
  const fault = passwordFault(password, about);
  if (fault !== null) return fault;
  loading ??= load();
  const { score } = (await loading).check(password, [...about]);
  return score < MARK_ASKED ? 'guessable' : null;
}

async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, common, french] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-fr'),
  ]);
  return new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...french.dictionary },
    graphs: common.adjacencyGraphs,
    maxLength: CHARACTERS_LOOKED_AT,
    l33tMaxSubstitutions: MOST_SUBSTITUTIONS,
  });
}
