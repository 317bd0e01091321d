import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import ipaddr from 'ipaddr.js';
import { Env } from '../../config/env.js';
import { ALLOW, type Requirement } from './allow.decorator.js';
import type { CallerRequest } from './caller.decorators.js';
import type { RateClass } from './domain/rate-limits.js';
import { LIMITED } from './limited.decorator.js';
import { RateLimiter } from './rate-limiter.js';

/** Signed or without data: health checks and receipts must never be refused, style sheets are cached. */
const UNLIMITED = /^\/(hooks|health|metrics|assets)(\/|$)/;
const IPV6_NETWORK_BITS = 64;

/** Asked after the access guard, which says who calls. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly env: Env,
    private readonly reflector: Reflector,
    private readonly limiter: RateLimiter,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.env.RATE_LIMITS === 'off') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<CallerRequest>();
    if (UNLIMITED.test(request.path)) return true;
    const targets = [context.getHandler(), context.getClass()];
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(ALLOW, targets);
    if (requirement?.kind === 'public') this.limitPublic(request, http.getResponse(), requirement.isProven);
    const narrower = this.reflector.getAllAndOverride<RateClass | undefined>(LIMITED, targets);
    const { actor } = request;
    if (actor?.apiKeyId != null) this.limiter.take('api', actor.apiKeyId);
    else if (narrower !== undefined && actor?.agentId != null) this.limiter.take(narrower, actor.agentId);
    return true;
  }

  private limitPublic(request: CallerRequest, response: Response, isProven: boolean): void {
    const network = networkOf(request.ip ?? '');
    this.limiter.take('public', `${network} ${request.method} ${request.path}`);
    if (!isProven) return;
    this.limiter.check('guess', network);
    response.once('finish', () => {
      if (response.statusCode === 404) this.countGuess(network);
    });
  }

  private countGuess(network: string): void {
    try {
      this.limiter.take('guess', network);
    } catch {
      // The answer has left; the next request from there is refused.
    }
  }
}

/** An IPv6 customer has at least a /64 to choose addresses from: it counts as one. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_NETWORK_BITS}`).toString();
}
