import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { register, Registry } from 'prom-client';
import { Env } from '../../../config/env.js';
import { Public } from '../../access/allow.decorator.js';
import { sameToken } from '../../access/form-check.js';
import { Forbidden } from '../../shared/domain-error.js';
import { MetricsQuery } from './metrics.query.js';
import { registryOf } from './metrics.registry.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly env: Env,
    private readonly metrics: MetricsQuery,
  ) {}

  /** With `METRICS_TOKEN`: to its bearer; without: to this machine only. */
  @Public('by-token')
  @Get()
  async read(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!this.mayRead(request)) throw new Forbidden('metrics');
    const registry = registryOf(await this.metrics.figures());
    // The global registry holds what other parts of this process count.
    const all = Registry.merge([registry, register]);
    response.type(all.contentType).send(await all.metrics());
  }

  /** A request that came through a proxy is not from this machine, whatever its socket says. */
  private mayRead(request: Request): boolean {
    if (this.env.METRICS_TOKEN !== undefined)
      return sameToken(`Bearer ${this.env.METRICS_TOKEN}`, request.get('Authorization'));
    const forwarded = request.get('X-Forwarded-For') ?? request.get('Forwarded');
    return forwarded === undefined && LOOPBACK.has(request.socket.remoteAddress ?? '');
  }
}
