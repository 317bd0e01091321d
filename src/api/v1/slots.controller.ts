import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor } from '../../access/caller.decorators.js';
import { OpenSlot } from '../../organizations/open-slot.js';
import { openSlots, type SlotView } from '../../organizations/slot.queries.js';
import { Transaction } from '../../platform/transaction.js';
import type { Page } from '../../shared/page.js';
import { pageRequest } from './listing.js';
import { Documented, Idempotent } from './openapi.js';
import { ListSlotsQuery, OpenSlotDto, SlotAnswer, SlotPage } from './slots.dto.js';
import { Writes } from './writes.js';

@ApiTags('slots')
@Documented()
@Controller('api/v1/slots')
export class SlotsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: Writes,
    private readonly openSlot: OpenSlot,
  ) {}

  @Allow('slot.manage')
  @Post()
  @Idempotent()
  @ApiCreatedResponse({ type: SlotAnswer })
  open(@Req() request: CallerRequest, @Body() body: OpenSlotDto): Promise<unknown> {
    return this.writes.run(request, 201, async (tx, actor) =>
      slotAnswer(await this.openSlot.execute(tx, body, actor)),
    );
  }

  /** Slots to come, soonest first. */
  @Allow('agenda.read')
  @Get()
  @ApiOkResponse({ type: SlotPage })
  async list(@CurrentActor() actor: Actor, @Query() query: ListSlotsQuery): Promise<Page<SlotAnswer>> {
    const { agendaId, placeId, typeCode, from, to } = query;
    const filter = { agendaId, placeId, typeCode, from, to, ...pageRequest(query) };
    const page = await this.transaction.run((tx) => openSlots(tx, actor, filter));
    return { items: page.items.map(slotAnswer), nextCursor: page.nextCursor };
  }
}

function slotAnswer(slot: SlotView): SlotAnswer {
  const { id, agendaId, placeId, organizationId, typeCode, date, time, timeZone } = slot;
  const { durationMinutes, capacity, seatsLeft } = slot;
  return {
    ...{ id, agendaId, placeId, organizationId, typeCode, date, time, timeZone },
    ...{ durationMinutes, capacity, seatsLeft },
    startsAt: slot.startsAt.toISOString(),
  };
}
