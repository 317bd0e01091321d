/** What an OpenID provider says of who came, once signatures and addressees were checked. */
export interface ProviderIdentity {
  /** Identity provider behind ProConnect, else the issuer itself; `sub` means something only with it. */
  readonly idpId: string;
  readonly sub: string;
  /** Lower case; null when the provider told none. */
  readonly email: string | null;
  /** Null when the provider does not say: ProConnect never does, its identity providers are public services. */
  readonly emailIsVerified: boolean | null;
  readonly siret: string | null;
  /** Came through ProConnect or alike, which names the identity provider behind it. */
  readonly isFederated: boolean;
  /** How the agent proved who they are there (RFC 8176). */
  readonly amr: readonly string[];
  /** Seconds between that proof and the token, by the provider's clock; null when it does not tell. */
  readonly provedSecondsAgo: number | null;
}

/** A proof is asked again after as long here: see `FreshSignIn`. */
const PROOF_SECONDS = 15 * 60;

/** What the service expects of an agent's identity. */
export interface ExpectedIdentity {
  readonly siret: string | null;
  readonly emailDomains: readonly string[];
}

/**
 * May this identity be bound to an invited agent who has this very address? The address must be vouched for, and the
 * identity come from where the agent works: the SIRET of the service, else a domain of its addresses. A service that
 * expects nothing binds nobody.
 */
export function mayBind(identity: ProviderIdentity, expected: ExpectedIdentity): boolean {
  const { email, emailIsVerified, siret, isFederated } = identity;
  const isVouchedFor = emailIsVerified === true || (emailIsVerified === null && isFederated);
  if (email === null || !isVouchedFor) return false;
  if (expected.siret !== null) return siret === expected.siret;
  return expected.emailDomains.includes(email.slice(email.lastIndexOf('@') + 1));
}

/**
 * Did the agent prove just now who they are? A provider keeps a session of its own, of half a day: without being asked
 * again it may let anybody in who sits at that machine. What it tells of the time counts before what it was asked.
 */
export function provesNow(
  { provedSecondsAgo }: Pick<ProviderIdentity, 'provedSecondsAgo'>,
  asksAgain: boolean,
): boolean {
  return provedSecondsAgo === null ? asksAgain : provedSecondsAgo <= PROOF_SECONDS;
}

/** A second factor, or a key the agent holds, was shown at the provider. */
export function showedSecondFactor({ amr }: Pick<ProviderIdentity, 'amr'>): boolean {
  return amr.includes('mfa') || amr.includes('pop');
}
