import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Limited } from '../../access/limited.decorator.js';
import { type NextConvocation, nextOfPersons } from '../../convocations/convocation.queries.js';
import { type PersonView, searchPersons } from '../../persons/person.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { renderPage } from '../../ui/render-page.js';
import { moment } from '../../ui/typography.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { refusalOf } from '../page-writes.js';
import { birthWords, fullName, reachOf } from './person-words.js';
import { SearchPage, type SearchResult } from './search.page.js';

@Controller('persons/search')
export class SearchController {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
  ) {}

  @Allow('person.read')
  @Get()
  show(@CurrentSession() session: PageSession): string {
    const empty = { query: '', results: null, nextCursor: null, problems: [] };
    return renderPage(h(SearchPage, { frame: frameOf(session), ...empty }));
  }

  @Allow('person.read')
  @Limited('search')
  @Post()
  @HttpCode(200)
  async search(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const frame = frameOf(session);
    const { query, cursor } = readForm(body, ['query', 'cursor']);
    try {
      const found = await this.transaction.run((tx) => this.find(tx, actor, query, cursor || null));
      return renderPage(h(SearchPage, { frame, query, ...found, problems: [] }));
    } catch (error) {
      const problems = refusalOf(error, response);
      return renderPage(h(SearchPage, { frame, query, results: null, nextCursor: null, problems }));
    }
  }

  private async find(
    tx: EntityManager,
    actor: Actor,
    query: string,
    cursor: string | null,
  ): Promise<{ results: readonly SearchResult[]; nextCursor: string | null }> {
    const office = await this.officeHours.of(tx, actor);
    const { items, nextCursor } = await searchPersons(tx, actor, { query, cursor });
    const next = await nextOfPersons(
      tx,
      actor,
      items.map(({ id }) => id),
    );
    return { results: items.map((person) => resultOf(person, next.get(person.id), office)), nextCursor };
  }
}

function resultOf(person: PersonView, next: NextConvocation | undefined, office: Office): SearchResult {
  return {
    id: person.id,
    name: fullName(person),
    birth: birthWords(person.birthDate, office.today),
    services: person.organizations.map(({ name }) => name).join(', '),
    referent: person.referentName,
    reach: reachOf(person),
    next:
      next === undefined ? null : { href: `/convocations/${next.id}`, words: moment(next, office.timeZone) },
  };
}
