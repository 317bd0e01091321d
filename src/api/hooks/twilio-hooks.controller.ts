import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import twilio from 'twilio';
import { Env } from '../../../config/env.js';
import { Public } from '../../access/allow.decorator.js';
import { RecordReceipt } from '../../notifications/sending/record-receipt.js';
import { RecordReply } from '../../notifications/replies/record-reply.js';
import { Transaction } from '../../platform/transaction.js';
import { Forbidden } from '../../shared/domain-error.js';
import { HookCounters } from './hook-counters.js';

/** Ids and statuses are short; anything longer is not Twilio's. */
const SHORT = /^[\w.-]{1,64}$/;
/** A sender that is a word or a short number has no person behind it. */
const E164 = /^\+[1-9]\d{6,14}$/;

/** Twilio's callbacks. The signature is the whole proof: no session, no key, no cookie. */
@Controller('hooks/twilio')
export class TwilioHooksController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly recordReceipt: RecordReceipt,
    private readonly recordReply: RecordReply,
    private readonly counters: HookCounters,
  ) {}

  @Post('status/:token')
  @Public('by-token')
  @HttpCode(204)
  async status(
    @Param('token') token: string,
    @Body() fields: Record<string, unknown>,
    @Req() request: Request,
  ): Promise<void> {
    this.verify(request, fields);
    const { MessageSid: sid, MessageStatus: status, ErrorCode: errorCode } = fields;
    if (!isShort(sid) || !isShort(status)) return;
    const receipt = { operatorMessageId: sid, status, errorCode: isShort(errorCode) ? errorCode : null };
    const known = await this.transaction.run((tx) => this.recordReceipt.execute(tx, token, receipt));
    if (!known) this.counters.unknownToken();
  }

  /** What a person answers; sent again by the operator, it is one answer. */
  @Post('inbound')
  @Public('by-token')
  @HttpCode(204)
  async inbound(@Body() fields: Record<string, unknown>, @Req() request: Request): Promise<void> {
    this.verify(request, fields);
    const { MessageSid: sid, From: from, Body: body = '' } = fields;
    if (!isShort(sid) || typeof from !== 'string' || !E164.test(from) || typeof body !== 'string') {
      this.counters.unreadableReply();
      return;
    }
    const reply = { operator: 'twilio', operatorMessageId: sid, from, body };
    const recorded = await this.transaction.run((tx) => this.recordReply.execute(tx, reply));
    if (recorded === undefined) this.counters.repeatedReply();
    else this.counters.reply(recorded.intent, recorded.known);
  }

  /** Over the public address of our configuration, never over the Host header of the request. */
  private verify(request: Request, fields: Record<string, unknown>): void {
    const signature = request.headers['x-twilio-signature'];
    const url = `${this.env.PUBLIC_BASE_URL.replace(/\/$/, '')}${request.originalUrl}`;
    const genuine =
      typeof signature === 'string' &&
      this.env.TWILIO_AUTH_TOKEN.some((token) => twilio.validateRequest(token, signature, url, fields));
    if (genuine) return;
    this.counters.badSignature();
    throw new Forbidden('callback without a valid signature');
  }
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && SHORT.test(value);
}
