import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor } from '../../access/caller.decorators.js';
import { BookConvocation } from '../../convocations/book-convocation.js';
import { type ConvocationView, findConvocation } from '../../convocations/convocation.queries.js';
import { RescheduleConvocation } from '../../convocations/reschedule-convocation.js';
import { MessageQueries } from '../../notifications/message.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { type Change, ConvocationChanges } from './convocation-changes.js';
import {
  BookConvocationDto,
  ChangeConvocationDto,
  ConvocationAnswer,
  RescheduleConvocationDto,
  targetOf,
} from './convocations.dto.js';
import { IdPipe } from './id.pipe.js';
import { Documented, Idempotent } from './openapi.js';
import { Writes } from './writes.js';

@ApiTags('convocations')
@Documented()
@Controller('api/v1/convocations')
export class ConvocationsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: Writes,
    private readonly bookConvocation: BookConvocation,
    private readonly rescheduleConvocation: RescheduleConvocation,
    private readonly changes: ConvocationChanges,
    private readonly messages: MessageQueries,
  ) {}

  @Allow('convocation.book')
  @Post()
  @Idempotent()
  @ApiCreatedResponse({ type: ConvocationAnswer })
  book(@Req() request: CallerRequest, @Body() body: BookConvocationDto): Promise<unknown> {
    const { personId, typeCode, notify } = body;
    const command = { personId, typeCode, notify, ...targetOf(body) };
    return this.writes.run(request, 201, async (tx, actor) =>
      this.answer(tx, await this.bookConvocation.execute(tx, command, actor)),
    );
  }

  @Allow('convocation.read')
  @Get(':id')
  @ApiOkResponse({ type: ConvocationAnswer })
  find(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<ConvocationAnswer> {
    return this.transaction.run(async (tx) => this.answer(tx, await findConvocation(tx, actor, id)));
  }

  @Allow('convocation.change')
  @Post(':id/reschedule')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: ConvocationAnswer })
  reschedule(
    @Req() request: CallerRequest,
    @Param('id', IdPipe) convocationId: string,
    @Body() body: RescheduleConvocationDto,
  ): Promise<unknown> {
    const command = { convocationId, notify: body.notify ?? true, ...targetOf(body) };
    return this.writes.run(request, 200, async (tx, actor) =>
      this.answer(tx, await this.rescheduleConvocation.execute(tx, command, actor)),
    );
  }

  @Allow('attendance.record')
  @Post(':id/attend')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: ConvocationAnswer })
  attend(@Req() request: CallerRequest, @Param('id', IdPipe) id: string, @Body() body: ChangeConvocationDto) {
    return this.change(request, id, 'attend', body);
  }

  @Allow('attendance.record')
  @Post(':id/miss')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: ConvocationAnswer })
  miss(@Req() request: CallerRequest, @Param('id', IdPipe) id: string, @Body() body: ChangeConvocationDto) {
    return this.change(request, id, 'miss', body);
  }

  @Allow('attendance.record')
  @Post(':id/excuse')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: ConvocationAnswer })
  excuse(@Req() request: CallerRequest, @Param('id', IdPipe) id: string, @Body() body: ChangeConvocationDto) {
    return this.change(request, id, 'excuse', body);
  }

  @Allow('convocation.change')
  @Post(':id/cancel')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: ConvocationAnswer })
  cancel(@Req() request: CallerRequest, @Param('id', IdPipe) id: string, @Body() body: ChangeConvocationDto) {
    return this.change(request, id, 'cancel', body);
  }

  @Allow('attendance.record')
  @Post(':id/reopen')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: ConvocationAnswer })
  reopen(@Req() request: CallerRequest, @Param('id', IdPipe) id: string, @Body() body: ChangeConvocationDto) {
    return this.change(request, id, 'reopen', body);
  }

  private change(
    request: CallerRequest,
    id: string,
    change: Change,
    body: ChangeConvocationDto,
  ): Promise<unknown> {
    return this.writes.run(request, 200, async (tx, actor) =>
      this.answer(tx, await this.changes.run(tx, actor, id, change, body)),
    );
  }

  private async answer(tx: EntityManager, convocation: ConvocationView): Promise<ConvocationAnswer> {
    const messages = await this.messages.ofConvocations(tx, [convocation.id]);
    const notifications = messages.map(({ id, kind, channel, state, dueAt }) => ({
      ...{ id, kind, channel, state },
      dueAt: dueAt.toISOString(),
    }));
    return { ...convocationAnswer(convocation), notifications };
  }
}

function convocationAnswer(convocation: ConvocationView): Omit<ConvocationAnswer, 'notifications'> {
  const { id, personId, typeCode, agendaId, placeId, organizationId, slotId, state, cancelledBy } =
    convocation;
  const { date, time, timeZone, durationMinutes, promiseVersion } = convocation;
  return {
    ...{ id, personId, typeCode, agendaId, placeId, organizationId, slotId, state, cancelledBy },
    ...{ date, time, timeZone, durationMinutes, promiseVersion },
    startsAt: convocation.startsAt.toISOString(),
    createdAt: convocation.createdAt.toISOString(),
    updatedAt: convocation.updatedAt.toISOString(),
  };
}
