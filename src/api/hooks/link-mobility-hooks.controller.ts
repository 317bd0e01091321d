import { timingSafeEqual } from 'node:crypto';
import { Body, Controller, Header, HttpCode, Param, Post } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import { Public } from '../../access/allow.decorator.js';
import { reportOf } from '../../notifications/providers/link-mobility.report.js';
import { RecordReport } from '../../notifications/sending/record-report.js';
import { Transaction } from '../../platform/transaction.js';
import { Forbidden } from '../../shared/domain-error.js';
import { digest } from '../../shared/tokens.js';
import { HookCounters } from './hook-counters.js';

const TAKEN = '<DeliveryResponse ack="true"/>';
/** Sent again by the operator until it is taken. */
const AGAIN = '<DeliveryResponse ack="false"/>';

/**
 * LINK Mobility's delivery reports. They carry no signature and go to one address for the whole account: its last
 * part is a secret (`LINK_MOBILITY_CALLBACK_TOKEN`), and the whole proof. The answer is the acknowledgement that the
 * platform's clients publish; not confirmed for accounts of the REST interface.
 */
@Controller('hooks/link-mobility')
export class LinkMobilityHooksController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly recordReport: RecordReport,
    private readonly counters: HookCounters,
  ) {}

  @Post('status/:token')
  @Public('by-token')
  @HttpCode(200)
  @Header('content-type', 'text/xml; charset=utf-8')
  async status(@Param('token') token: string, @Body() fields: Record<string, unknown>): Promise<string> {
    this.verify(token);
    const report = reportOf(fields);
    if (report === undefined) return TAKEN;
    const fate = await this.transaction.run((tx) => this.recordReport.execute(tx, report));
    if (fate === 'unknown') this.counters.unknownToken();
    return fate === 'too-early' ? AGAIN : TAKEN;
  }

  private verify(token: string): void {
    const given = digest(token);
    const ours = this.env.LINK_MOBILITY_CALLBACK_TOKEN.map((known) => timingSafeEqual(digest(known), given));
    if (ours.includes(true)) return;
    this.counters.badSignature();
    throw new Forbidden('callback without the secret of its address');
  }
}
