import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Temporal } from 'temporal-polyfill';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor } from '../../access/caller.decorators.js';
import { findPerson, type PersonView, searchPersons } from '../../persons/person.queries.js';
import { RegisterPerson } from '../../persons/register-person.js';
import { UpdatePerson } from '../../persons/update-person.js';
import { Transaction } from '../../platform/transaction.js';
import type { Page } from '../../shared/page.js';
import { IdPipe } from './id.pipe.js';
import { pageRequest } from './listing.js';
import { Documented, Idempotent } from './openapi.js';
import {
  PersonAnswer,
  PersonPage,
  RegisterPersonDto,
  SearchPersonsDto,
  UpdatePersonDto,
} from './persons.dto.js';
import { Writes } from './writes.js';

@ApiTags('persons')
@Documented()
@Controller('api/v1/persons')
export class PersonsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: Writes,
    private readonly registerPerson: RegisterPerson,
    private readonly updatePerson: UpdatePerson,
  ) {}

  @Allow('person.write')
  @Post()
  @Idempotent()
  @ApiCreatedResponse({ type: PersonAnswer })
  register(@Req() request: CallerRequest, @Body() body: RegisterPersonDto): Promise<unknown> {
    return this.writes.run(request, 201, async (tx, actor) =>
      personAnswer(await this.registerPerson.execute(tx, body, actor)),
    );
  }

  @Allow('person.read')
  @Get(':id')
  @ApiOkResponse({ type: PersonAnswer })
  async find(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<PersonAnswer> {
    return personAnswer(await this.transaction.run((tx) => findPerson(tx, actor, id)));
  }

  @Allow('person.write')
  @Patch(':id')
  @Idempotent()
  @ApiHeader({ name: 'If-Match', required: true, description: '"<updatedAt>" of the person that was read' })
  @ApiOkResponse({ type: PersonAnswer })
  update(
    @Req() request: CallerRequest,
    @Param('id', IdPipe) personId: string,
    @Headers('If-Match') ifMatch: string | undefined,
    @Body() changes: UpdatePersonDto,
  ): Promise<unknown> {
    const expectedUpdatedAt = versionOf(ifMatch);
    const { firstName, lastName, wordMeans, wordSaidOn, ...others } = changes;
    const names = { ...(firstName == null ? {} : { firstName }), ...(lastName == null ? {} : { lastName }) };
    const word = { means: wordMeans, saidOn: wordSaidOn };
    const command = { personId, expectedUpdatedAt, changes: { ...others, ...names, word } };
    return this.writes.run(request, 200, async (tx, actor) =>
      personAnswer(await this.updatePerson.execute(tx, command, actor)),
    );
  }

  /** A POST, so that what is searched stays out of addresses and their logs. */
  @Allow('person.read')
  @Post('search')
  @HttpCode(200)
  @ApiOkResponse({ type: PersonPage })
  async search(@CurrentActor() actor: Actor, @Body() body: SearchPersonsDto): Promise<Page<PersonAnswer>> {
    const request = { query: body.query, ...pageRequest(body) };
    const page = await this.transaction.run((tx) => searchPersons(tx, actor, request));
    return { items: page.items.map(personAnswer), nextCursor: page.nextCursor };
  }
}

/** `"2026-04-14T07:30:00.000Z"`; anything else matches no version. */
function versionOf(ifMatch: string | undefined): Date | null {
  const text = /^"([^"]{10,40})"$/.exec(ifMatch ?? '')?.[1];
  if (text === undefined) return null;
  try {
    return new Date(Temporal.Instant.from(text).epochMilliseconds);
  } catch {
    return null;
  }
}

export function personAnswer(person: PersonView): PersonAnswer {
  const { id, firstName, lastName, birthDate, phone, noPhone, smsRefused, reachable, email } = person;
  const { appiNumber, language, register, referentId } = person;
  return {
    ...{ id, firstName, lastName, birthDate, phone, noPhone, smsRefused, reachable, email },
    ...{ appiNumber, language, register, referentId },
    organizationIds: person.organizations.map((organization) => organization.id),
    archivedAt: person.archivedAt?.toISOString() ?? null,
    createdAt: person.createdAt.toISOString(),
    updatedAt: person.updatedAt.toISOString(),
  };
}
