import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { h } from 'preact';
import { Public } from '../../access/allow.decorator.js';
import { FormCheck } from '../../access/form-check.js';
import { findInvitation } from '../../agents/accept-invitation.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { ChoosePasswordPage } from './choose-password.page.js';
import { PasswordByLink } from './chosen-password.js';

@Controller('welcome')
export class WelcomeController {
  constructor(
    private readonly forms: FormCheck,
    private readonly transaction: Transaction,
    private readonly passwords: PasswordByLink,
  ) {}

  @Public('by-token')
  @Get(':token')
  show(
    @Param('token') token: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.page(token, request, response, []);
  }

  @Public('by-token')
  @Post(':token')
  @HttpCode(200)
  accept(
    @Param('token') token: string,
    @Body() body: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const choice = { token, purpose: 'invitation', body, request, response } as const;
    return this.passwords.take(choice, (problems) => this.page(token, request, response, problems));
  }

  private async page(
    token: string,
    request: Request,
    response: Response,
    problems: Problems,
  ): Promise<string> {
    const { email, firstName } = await this.transaction.run((tx) => findInvitation(tx, token, 'invitation'));
    const view = {
      csrfToken: this.forms.issue(request, response),
      heading: `Bienvenue, ${firstName}`,
      action: `/welcome/${token}`,
      label: 'Mot de passe',
      hint: 'Ce lien ne sert qu’une fois.',
    };
    return renderPage(h(ChoosePasswordPage, { ...view, email, problems }));
  }
}
