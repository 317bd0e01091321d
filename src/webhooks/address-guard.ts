import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Env } from '../../config/env.js';

/** Addresses of clouds that look public and answer the machine that asks: Azure's own (168.63.129.16). */
const CLOUD_INTERNALS = ['168.63.129.16'];
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** The address is not one that the Internet routes to somebody else. */
export class RefusedAddress extends Error {
  readonly code = 'REFUSED_ADDRESS';
  constructor() {
    super('the address is private, reserved, or of this machine');
  }
}

/**
 * True for an address that belongs to somebody on the Internet: not this machine, a private or link-local network, a
 * carrier's, the metadata of a cloud, multicast, documentation, nor IPv4 hidden in IPv6 (mapped, NAT64, 6to4, Teredo).
 * @param text as a resolver writes it; anything else is refused
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || CLOUD_INTERNALS.includes(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_IPV6);
}

function isLoopback(text: string): boolean {
  return isIP(text) !== 0 && ipaddr.process(text).range() === 'loopback';
}

type Place = Pick<Env, 'APP_ENV' | 'SEND_ALLOW_LIST'>;

/** Whom we may call: the Internet; in demo and test this machine; outside production also the hosts that are listed. */
export class AddressGuard {
  constructor(private readonly env: Place) {}

  /** Asked of a host written as an address, which nothing resolves. */
  isAllowed(host: string, address: string): boolean {
    if (isPublicAddress(address)) return true;
    const { APP_ENV, SEND_ALLOW_LIST } = this.env;
    if (APP_ENV === 'production') return false;
    return SEND_ALLOW_LIST.includes(host) || (APP_ENV !== 'staging' && isLoopback(address));
  }

  /**
   * Resolves for a connection that is being made: the addresses that are checked are those that are connected to, so a
   * name that answers differently the second time gains nothing. One bad address refuses them all.
   */
  readonly lookup: LookupFunction = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const first = error === null ? addresses[0] : undefined;
      if (error !== null) done(error, []);
      else if (first === undefined || !addresses.every(({ address }) => this.isAllowed(host, address)))
        done(new RefusedAddress(), []);
      else if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
