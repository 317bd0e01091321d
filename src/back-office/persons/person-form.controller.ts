import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Temporal } from 'temporal-polyfill';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { findPerson, type PersonView } from '../../persons/person.queries.js';
import { RegisterPerson } from '../../persons/register-person.js';
import { type PersonChanges, UpdatePerson } from '../../persons/update-person.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { maskedEmail, maskedPhone } from '../../ui/typography.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { EMPTY_PERSON, PERSON_FIELDS, PersonFormPage, type PersonValues } from './person-form.page.js';
import { fullName } from './person-words.js';

@Controller('persons')
export class PersonFormController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly registerPerson: RegisterPerson,
    private readonly updatePerson: UpdatePerson,
  ) {}

  @Allow('person.write')
  @Get('new')
  new(@CurrentSession() session: PageSession): string {
    return newPage(session, EMPTY_PERSON, []);
  }

  @Allow('person.write')
  @Post('new')
  @HttpCode(200)
  register(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, [...PERSON_FIELDS, 'then']);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        const { lastName, firstName } = form;
        const asked = { ...inputOf(form), lastName, firstName };
        const { id } = await this.registerPerson.execute(tx, asked, actor);
        return form.then === 'card' ? `/persons/${id}` : `/persons/${id}/convoke`;
      },
      (session, _actor, problems) => newPage(session, form, problems),
    );
  }

  @Allow('person.write')
  @Get(':id/edit')
  async edit(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
  ): Promise<string> {
    const person = await this.transaction.run((tx) => findPerson(tx, actor, id));
    return editPage(session, person, person.updatedAt.toISOString(), valuesOf(person), []);
  }

  @Allow('person.write')
  @Post(':id/edit')
  @HttpCode(200)
  update(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, [...PERSON_FIELDS, 'version']);
    return this.writes.answer(
      request,
      response,
      async (tx, writer) => {
        const changes = changesOf(form, await findPerson(tx, writer, id));
        const expectedUpdatedAt = versionOf(form.version);
        await this.updatePerson.execute(tx, { personId: id, expectedUpdatedAt, changes }, writer);
        return `/persons/${id}?done=updated`;
      },
      async (session, actor, problems) => {
        const person = await this.transaction.run((tx) => findPerson(tx, actor, id));
        return editPage(session, person, form.version, form, problems);
      },
    );
  }
}

function newPage(session: PageSession, values: PersonValues, problems: Problems): string {
  return renderPage(h(PersonFormPage, { frame: frameOf(session), values, problems, existing: null }));
}

function editPage(
  session: PageSession,
  person: PersonView,
  version: string,
  values: PersonValues,
  problems: Problems,
): string {
  const { id, smsRefused, phone, email } = person;
  const existing = {
    ...{ id, name: fullName(person), version, smsRefused },
    phone: phone === null ? null : maskedPhone(phone.e164),
    email: email === null ? null : maskedEmail(email),
  };
  return renderPage(h(PersonFormPage, { frame: frameOf(session), values, problems, existing }));
}

function inputOf(form: PersonValues): PersonChanges {
  const { lastName, firstName, birthDate, appiNumber, phone, email } = form;
  return {
    ...{ lastName, firstName, phone },
    birthDate: birthDate || null,
    appiNumber: appiNumber || null,
    email: email || null,
    noPhone: form.noPhone === 'true',
    smsRefused: form.smsRefused === 'true',
    register: form.register === 'discreet' ? 'discreet' : 'standard',
    language: form.language || 'fr',
  };
}

/** Only what the agent touched: history tells it, and the age of a phone number hangs on it. */
function changesOf(form: PersonValues, person: PersonView): PersonChanges {
  const shown = valuesOf(person);
  const isTicked = (name: 'noPhone' | 'smsRefused') => (form[name] === 'true') === (shown[name] === 'true');
  const isSame = (name: keyof PersonValues) => {
    if (name === 'noPhone' || name === 'smsRefused') return isTicked(name);
    if (name === 'phone') return form.phone === '' && form.dropPhone !== 'true';
    if (name === 'email') return form.email === '' && form.dropEmail !== 'true';
    return form[name] === shown[name];
  };
  const touched = new Set<string>(PERSON_FIELDS.filter((name) => !isSame(name)));
  return Object.fromEntries(Object.entries(inputOf(form)).filter(([name]) => touched.has(name)));
}

function valuesOf(person: PersonView): PersonValues {
  return {
    lastName: person.lastName,
    firstName: person.firstName,
    birthDate: person.birthDate ?? '',
    appiNumber: person.appiNumber ?? '',
    phone: '',
    dropPhone: '',
    noPhone: String(person.noPhone),
    smsRefused: String(person.smsRefused),
    email: '',
    dropEmail: '',
    register: person.register,
    language: person.language,
  };
}

/** Anything else than what we wrote in the form reads as an old version. */
function versionOf(text: string): Date | null {
  try {
    return new Date(Temporal.Instant.from(text).epochMilliseconds);
  } catch {
    return null;
  }
}
