import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Clock } from '../../platform/clock.js';
import { Transaction } from '../../platform/transaction.js';
import { toLocal } from '../../shared/time.js';
import {
  managedService,
  managedServices,
  registerOf,
  scopeChoices,
  targetHistory,
} from '../../statistics/rollouts/register.query.js';
import { SetTarget, type SetTargetCommand } from '../../statistics/rollouts/set-target.js';
import { StartRollout } from '../../statistics/rollouts/start-rollout.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { registerProblems, typedDay } from './rollout-words.js';
import { RolloutsPage, type StartForm, type TargetForm } from './rollouts.page.js';

const START = ['organization', 'scope', 'startedOn', 'note'] as const;
const TARGET = ['organization', 'relativeChange', 'fromOn', 'untilOn', 'targetNote', 'act'] as const;

interface Shown {
  readonly organization: string | undefined;
  readonly done: string | null;
  readonly start?: StartForm;
  readonly target?: TargetForm;
  readonly problems: Problems;
}

/** When the service began where, who wrote it down, and what was aimed at. */
@Controller('rollouts')
export class RolloutsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly clock: Clock,
    private readonly startRollout: StartRollout,
    private readonly setTarget: SetTarget,
  ) {}

  @Allow('rollout.manage')
  @Get()
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const { organization, done } = query;
    return this.page(session, actor, {
      organization: typeof organization === 'string' && organization !== '' ? organization : undefined,
      done: typeof done === 'string' ? done : null,
      problems: [],
    });
  }

  @Allow('rollout.manage')
  @Post()
  @HttpCode(200)
  start(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, START);
    const { organization, scope, startedOn, note } = form;
    return this.writes.answer(
      request,
      response,
      async (tx, keeper) => {
        const command = { organizationId: organization, scope, startedOn: typedDay(startedOn), note };
        await this.startRollout.execute(tx, command, keeper);
        return `/rollouts?organization=${organization}&done=started`;
      },
      (session, actor, refused, error) => {
        const problems = registerProblems(error) ?? refused;
        return this.page(session, actor, { organization, done: null, start: form, problems });
      },
    );
  }

  @Allow('rollout.manage')
  @Post('target')
  @HttpCode(200)
  target(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, TARGET);
    const { organization } = form;
    return this.writes.answer(
      request,
      response,
      async (tx, keeper) => {
        await this.setTarget.execute(tx, targetCommand(form), keeper);
        return `/rollouts?organization=${organization}&done=${form.act === 'none' ? 'no-target' : 'target'}`;
      },
      (session, actor, refused, error) => {
        const problems = registerProblems(error) ?? refused;
        return this.page(session, actor, { organization, done: null, target: form, problems });
      },
    );
  }

  private async page(session: PageSession, actor: Actor, shown: Shown): Promise<string> {
    const content = await this.transaction.run((tx) => this.content(tx, actor, shown.organization));
    const { service, target } = content;
    const running = target[0]?.withdrawnAt === null ? target[0] : undefined;
    const view = {
      frame: frameOf(session),
      ...content,
      done: shown.done,
      start: shown.start ?? { organization: service.id, scope: 'service', startedOn: '', note: '' },
      targetForm: shown.target ?? {
        organization: service.id,
        relativeChange: running === undefined ? '' : String(Math.round(-100 * running.relativeChange)),
        fromOn: running?.fromOn ?? '',
        untilOn: running?.untilOn ?? '',
        targetNote: running?.note ?? '',
        act: '',
      },
      problems: shown.problems,
      isTargetRefused: shown.target !== undefined,
    };
    return renderPage(h(RolloutsPage, view));
  }

  private async content(tx: EntityManager, actor: Actor, organization: string | undefined) {
    const service = await managedService(tx, actor, organization);
    const now = await this.clock.now(tx);
    return {
      service,
      services: actsEverywhere(actor) ? await managedServices(tx, actor) : [],
      today: toLocal(now, service.timeZone).date,
      entries: await registerOf(tx, service.id),
      target: await targetHistory(tx, service.id),
      choices: await scopeChoices(tx, service.id),
    };
  }
}

/** NaN for what is no whole percentage: the bounds refuse it. */
function targetCommand(form: TargetForm): SetTargetCommand {
  if (form.act === 'none') return { organizationId: form.organization, target: null };
  const percent = /^\d{1,2}$/.test(form.relativeChange) ? Number(form.relativeChange) : Number.NaN;
  return {
    organizationId: form.organization,
    target: {
      relativeChange: -percent / 100,
      fromOn: typedDay(form.fromOn),
      untilOn: typedDay(form.untilOn),
      note: form.targetNote,
    },
  };
}
