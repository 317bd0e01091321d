import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentActor } from '../../access/caller.decorators.js';
import {
  listAgendas,
  listAppointmentTypes,
  listOrganizations,
  listPlaces,
} from '../../organizations/organization.queries.js';
import { Transaction } from '../../platform/transaction.js';
import type { Page } from '../../shared/page.js';
import {
  type AgendaAnswer,
  AgendaPage,
  type AppointmentTypeAnswer,
  AppointmentTypePage,
  type OrganizationAnswer,
  OrganizationPage,
  type PlaceAnswer,
  PlacePage,
} from './directory.dto.js';
import { ListQuery, pageThrough } from './listing.js';
import { Documented } from './openapi.js';

/** What a key may see of the services, their places, agendas and types. */
@ApiTags('directory')
@Documented()
@Allow('agenda.read')
@Controller('api/v1')
export class DirectoryController {
  constructor(private readonly transaction: Transaction) {}

  @Get('organizations')
  @ApiOkResponse({ type: OrganizationPage })
  organizations(@CurrentActor() actor: Actor, @Query() query: ListQuery): Promise<Page<OrganizationAnswer>> {
    return this.page(
      query,
      (tx) => listOrganizations(tx, actor),
      ({ id, name, kind, timeZone, calendar }) => ({
        id,
        name,
        kind,
        timeZone,
        calendar,
      }),
    );
  }

  @Get('places')
  @ApiOkResponse({ type: PlacePage })
  places(@CurrentActor() actor: Actor, @Query() query: ListQuery): Promise<Page<PlaceAnswer>> {
    return this.page(
      query,
      (tx) => listPlaces(tx, actor),
      ({ id, name, organizationId, address, timeZone, phone, email }) => ({
        ...{ id, name, organizationId, address, timeZone, phone, email },
      }),
    );
  }

  @Get('agendas')
  @ApiOkResponse({ type: AgendaPage })
  agendas(@CurrentActor() actor: Actor, @Query() query: ListQuery): Promise<Page<AgendaAnswer>> {
    return this.page(
      query,
      (tx) => listAgendas(tx, actor),
      ({ id, name, placeId, organizationId, timeZone }) => ({ id, name, placeId, organizationId, timeZone }),
    );
  }

  @Get('appointment-types')
  @ApiOkResponse({ type: AppointmentTypePage })
  appointmentTypes(
    @CurrentActor() actor: Actor,
    @Query() query: ListQuery,
  ): Promise<Page<AppointmentTypeAnswer>> {
    return this.page(
      query,
      (tx) => listAppointmentTypes(tx, actor),
      ({ id, name, needsSlot, onWeekends, showsAddress, isHearingExit, placeKind }) => ({
        ...{ id, code: id, name, needsSlot, onWeekends, showsAddress, isHearingExit, placeKind },
      }),
    );
  }

  private async page<Row extends { readonly id: string }, Answer>(
    query: ListQuery,
    read: (tx: EntityManager) => Promise<Row[]>,
    answer: (row: Row) => Answer,
  ): Promise<Page<Answer>> {
    const { items, nextCursor } = pageThrough(await this.transaction.run(read), query);
    return { items: items.map(answer), nextCursor };
  }
}
