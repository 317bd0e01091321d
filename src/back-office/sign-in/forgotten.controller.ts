import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { h } from 'preact';
import { Public } from '../../access/allow.decorator.js';
import { FormCheck } from '../../access/form-check.js';
import { ForeignForm } from '../../access/refusals.js';
import { findInvitation } from '../../agents/accept-invitation.js';
import { AgentMail } from '../../agents/life/agent-mail.js';
import { AskPasswordReset } from '../../agents/password/ask-password-reset.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { ChoosePasswordPage } from './choose-password.page.js';
import { PasswordByLink } from './chosen-password.js';
import { waitProblems } from './code-problems.js';
import { ForgottenPage } from './forgotten.page.js';

/** A forgotten password: a letter is asked for, its link chooses another one. */
@Public('by-token')
@Controller('sign-in')
export class ForgottenController {
  constructor(
    private readonly forms: FormCheck,
    private readonly transaction: Transaction,
    private readonly mail: AgentMail,
    private readonly askReset: AskPasswordReset,
    private readonly passwords: PasswordByLink,
  ) {}

  @Get('forgotten')
  show(@Req() request: Request, @Res({ passthrough: true }) response: Response): string {
    return this.forgotten(request, response, { problems: [], isAsked: false });
  }

  /** The same answer whether the account exists or not. */
  @Post('forgotten')
  @HttpCode(200)
  async ask(
    @Body() body: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, ['_csrf', 'email']);
    if (!this.forms.isIssued(request, form._csrf)) throw new ForeignForm();
    const command = { email: form.email, address: request.ip ?? '' };
    try {
      if (this.mail.isOn) await this.transaction.run((tx) => this.askReset.execute(tx, command));
      response.type('html').send(this.forgotten(request, response, { problems: [], isAsked: true }));
    } catch (error) {
      const problems = waitProblems(error, response);
      response.type('html').send(this.forgotten(request, response, { problems, isAsked: false }));
    }
  }

  @Get('reset/:token')
  showReset(
    @Param('token') token: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.reset(token, request, response, []);
  }

  @Post('reset/:token')
  @HttpCode(200)
  choose(
    @Param('token') token: string,
    @Body() body: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const choice = { token, purpose: 'reset', body, request, response } as const;
    return this.passwords.take(choice, (problems) => this.reset(token, request, response, problems));
  }

  private forgotten(
    request: Request,
    response: Response,
    view: { readonly problems: Problems; readonly isAsked: boolean },
  ): string {
    const csrfToken = this.forms.issue(request, response);
    return renderPage(h(ForgottenPage, { csrfToken, mailIsOn: this.mail.isOn, ...view }));
  }

  private async reset(
    token: string,
    request: Request,
    response: Response,
    problems: Problems,
  ): Promise<string> {
    const { email } = await this.transaction.run((tx) => findInvitation(tx, token, 'reset'));
    const view = {
      csrfToken: this.forms.issue(request, response),
      heading: 'Choisir un nouveau mot de passe',
      action: `/sign-in/reset/${token}`,
      label: 'Nouveau mot de passe',
      hint: 'Vos sessions ouvertes ailleurs seront fermées.',
    };
    return renderPage(h(ChoosePasswordPage, { ...view, email, problems }));
  }
}
