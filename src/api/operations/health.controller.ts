import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../access/allow.decorator.js';
import { type Readiness, ReadinessQuery } from './readiness.query.js';

@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessQuery) {}

  @Public('by-token')
  @Get('live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** 503 when this process cannot do its work; the body says which part. */
  @Public('by-token')
  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const readiness = await this.readiness.ask();
    if (readiness.status === 'not-ready') response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }
}
