import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentSession } from '../../access/caller.decorators.js';
import { type OrganizationKind, type Role, ROLES_BY_KIND } from '../../access/domain/roles.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import {
  type AppointmentTypeAttributes,
  type AppointmentTypeRow,
  ChangeAppointmentType,
  findType,
  listTypes,
  versionOf,
} from '../../organizations/console/change-appointment-type.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { type Attribute, ATTRIBUTES, type TypeForm, TypePage, TypesPage } from './types.page.js';

const ROLE = 'role.';
const ATTRIBUTE = 'attribute.';

@FreshSignIn()
@Controller('console/types')
export class TypesController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly changeType: ChangeAppointmentType,
  ) {}

  @Allow('organization.manage')
  @Get()
  async list(@CurrentSession() session: PageSession, @Query('done') done: unknown): Promise<string> {
    const types = await this.transaction.run((tx) => listTypes(tx));
    return renderPage(h(TypesPage, { frame: frameOf(session), types, isSaved: done === 'saved' }));
  }

  @Allow('organization.manage')
  @Get(':code')
  one(@CurrentSession() session: PageSession, @Param('code') code: string): Promise<string> {
    return this.page(session, code, null, []);
  }

  @Allow('organization.manage')
  @Post(':code')
  @HttpCode(200)
  async change(
    @Param('code') code: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readTypeForm(body);
    await this.writes.answer(
      request,
      response,
      async (tx) => {
        await this.changeType.execute(tx, code, attributesOf(form), form.version);
        return '/console/types?done=saved';
      },
      (session, _actor, problems) => this.page(session, code, form, problems),
    );
  }

  private async page(
    session: PageSession,
    code: string,
    typed: TypeForm | null,
    problems: Problems,
  ): Promise<string> {
    const type = await this.transaction.run((tx) => findType(tx, code));
    const form = typed ?? formOf(type);
    return renderPage(
      h(TypePage, { frame: frameOf(session), code: type.code, title: type.name, form, problems }),
    );
  }
}

function readTypeForm(body: Readonly<Record<string, unknown>>): TypeForm {
  const ticked = (prefix: string) =>
    [...readGroup(body, prefix)].filter(([, value]) => value === 'true').map(([name]) => name);
  const rest = withoutGroup(withoutGroup(body, ROLE), ATTRIBUTE);
  return {
    ...readForm(rest, ['name', 'placeKind', 'version'] as const),
    attributes: ticked(ATTRIBUTE),
    roles: ticked(ROLE),
  };
}

/** @throws ValidationFailed for a kind nobody knows; unknown names of roles are left out */
function attributesOf({ name, placeKind, attributes, roles }: TypeForm): AppointmentTypeAttributes {
  if (placeKind !== '' && placeKind !== 'spip' && placeKind !== 'tj')
    throw new ValidationFailed([{ field: 'placeKind', code: 'isIn', message: 'spip or tj' }]);
  const has = (attribute: Attribute) => attributes.includes(attribute);
  const chosen = (kind: OrganizationKind): Role[] =>
    ROLES_BY_KIND[kind].filter((role) => roles.includes(`${kind}.${role}`));
  return {
    ...{ name, placeKind: placeKind === '' ? null : placeKind, needsSlot: has('needsSlot') },
    ...{ onWeekends: has('onWeekends'), showsAddress: has('showsAddress') },
    ...{ isHearingExit: has('isHearingExit'), isAssigned: has('isAssigned') },
    ...{ bookedByTj: chosen('tj'), bookedBySpip: chosen('spip') },
  };
}

function formOf(type: AppointmentTypeRow): TypeForm {
  const names = Object.keys(ATTRIBUTES) as Attribute[];
  return {
    ...{ name: type.name, placeKind: type.placeKind ?? '', version: versionOf(type) },
    attributes: names.filter((attribute) => type[attribute]),
    roles: [
      ...type.bookedByTj.map((role) => `tj.${role}`),
      ...type.bookedBySpip.map((role) => `spip.${role}`),
    ],
  };
}
