import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Counter, Gauge, register, Registry } from 'prom-client';
import { Env } from '../../../config/env.js';
import { Public } from '../../access/allow.decorator.js';
import { sameToken } from '../../access/form-check.js';
import { Forbidden } from '../../shared/domain-error.js';
import { MESSAGE_STATES } from '../../notifications/domain/notification.states.js';
import { type Figures, MetricsQuery } from './metrics.query.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly env: Env,
    private readonly metrics: MetricsQuery,
  ) {}

  /** With `METRICS_TOKEN`: to its bearer; without: to this machine only. */
  @Public()
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

function registryOf(figures: Figures): Registry {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const messages = new Gauge({
    name: 'msj_messages',
    help: 'Messages by state',
    labelNames: ['state'],
    registers: [registry],
  });
  for (const state of MESSAGE_STATES) messages.set({ state }, countOf(figures, state));
  gauge('msj_messages_late', 'Messages still waiting one minute after their hour').set(figures.late);
  gauge('msj_oldest_due_seconds', 'Age of the oldest message that is due and waits').set(
    figures.oldestDueSeconds,
  );
  gauge('msj_messages_uncertain', 'Messages of which nobody knows yet').set(countOf(figures, 'uncertain'));
  if (figures.lastRelayRunSeconds !== null)
    gauge('msj_last_relay_run_seconds', 'Seconds since the relay last ran').set(figures.lastRelayRunSeconds);
  addCounters(registry, figures);
  return registry;
}

function addCounters(registry: Registry, figures: Figures): void {
  new Counter({
    name: 'msj_possible_duplicates_total',
    help: 'Messages sent again without knowing whether the first call succeeded',
    registers: [registry],
  }).inc(figures.possibleDuplicates);
  const sends = new Counter({
    name: 'msj_sends_total',
    help: 'Attempts by channel, operator and result',
    labelNames: ['channel', 'operator', 'result'],
    registers: [registry],
  });
  for (const { count, ...labels } of figures.sends) sends.inc(labels, count);
}

function countOf(figures: Figures, state: string): number {
  return figures.states.find((row) => row.state === state)?.count ?? 0;
}
