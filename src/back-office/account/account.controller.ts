import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { colleaguesOf } from '../../agents/agent.queries.js';
import { absencesOf, standsInFor } from '../../agents/life/absence.queries.js';
import { ChangeProfile, ownProfile } from '../../agents/life/change-profile.js';
import { PlanAbsence } from '../../agents/life/plan-absence.js';
import { servicesToSwitchTo, SwitchService } from '../../agents/life/switch-service.js';
import { closeOtherSessions, rotateSession } from '../../agents/sessions.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { spacedPhone } from '../../ui/typography.js';
import { type AbsenceFormView, NO_ABSENCE } from '../agents/absence-form.js';
import { doneSentence } from '../done-sentence.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { keepSession, sessionToken } from '../sign-in/browser-session.js';
import { type AccountForm, AccountPage } from './account.page.js';

const DONE: Readonly<Record<string, string>> = {
  profile: 'Votre profil est enregistré.',
  absence: 'L’absence est notée. Votre remplaçant verra vos listes ces jours-là.',
  'absence-ended': 'L’absence est terminée. Vos listes reviennent à vous seul.',
  service: 'Vous travaillez maintenant dans ce service. Vos autres sessions sont fermées.',
};

interface Typed {
  readonly profile?: AccountForm;
  readonly absence?: Omit<AbsenceFormView, 'colleagues' | 'isOpen'>;
}

/** One's own account: what an agent says of oneself, and nothing that gives a right. */
@Controller('account')
export class AccountController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly changeProfile: ChangeProfile,
    private readonly planAbsence: PlanAbsence,
    private readonly switchService: SwitchService,
  ) {}

  @Allow('profile.manage')
  @Get()
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.page(session, actor, {}, [], doneSentence(DONE, done));
  }

  @Allow('profile.manage')
  @Post()
  @HttpCode(200)
  change(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, ['firstName', 'lastName', 'phone', 'shareEmail', 'sharePhone']);
    const profile = {
      ...form,
      shareEmail: form.shareEmail === 'true',
      sharePhone: form.sharePhone === 'true',
    };
    return this.write(request, response, { profile }, async (tx, actor) => {
      await this.changeProfile.execute(tx, profile, actor);
      return '/account?done=profile';
    });
  }

  @Allow('profile.manage')
  @Post('absence')
  @HttpCode(200)
  absent(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const absence = readForm(body, ['startsOn', 'endsOn', 'replacementId']);
    return this.write(request, response, { absence }, async (tx, actor) => {
      await this.planAbsence.execute(tx, { ...absence, agentId: actor.agentId ?? '' }, actor);
      return '/account?done=absence';
    });
  }

  @Allow('profile.manage')
  @Post('absence/:id/end')
  @HttpCode(200)
  back(
    @Param('id') absenceId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    return this.write(request, response, {}, async (tx, actor) => {
      await this.planAbsence.end(tx, { absenceId }, actor);
      return '/account?done=absence-ended';
    });
  }

  @Allow('agent.switch-service')
  @Post('service')
  @HttpCode(200)
  move(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { organizationId } = readForm(body, ['organizationId']);
    const token = sessionToken(this.env, request);
    return this.write(request, response, {}, async (tx, actor) => {
      await this.switchService.execute(tx, { organizationId }, actor);
      await closeOtherSessions(tx, token);
      keepSession(this.env, response, await rotateSession(tx, token, { isProof: false }));
      return '/account?done=service';
    });
  }

  private write(
    request: CallerRequest,
    response: Response,
    typed: Typed,
    work: (tx: EntityManager, actor: Actor) => Promise<string>,
  ): Promise<void> {
    return this.writes.answer(request, response, work, (session, actor, problems) =>
      this.page(session, actor, typed, problems, null),
    );
  }

  private async page(
    session: PageSession,
    actor: Actor,
    typed: Typed,
    problems: Problems,
    done: string | null,
  ): Promise<string> {
    const view = await this.transaction.run(async (tx) => {
      const { email, followed, ...own } = await ownProfile(tx, actor.agentId ?? '');
      const phone = own.phone === null ? '' : spacedPhone(own.phone);
      const colleagues = await colleaguesOf(tx, actor.organizationId, actor.agentId ?? '');
      return {
        email,
        followed,
        form: typed.profile ?? { ...own, phone },
        services: await servicesToSwitchTo(tx, actor),
        absences: await absencesOf(tx, actor.agentId ?? ''),
        absenceForm: { ...NO_ABSENCE, colleagues, ...typed.absence, isOpen: typed.absence !== undefined },
        standsInFor: await standsInFor(tx, actor.agentId),
      };
    });
    return renderPage(h(AccountPage, { frame: frameOf(session), ...view, problems, done }));
  }
}
