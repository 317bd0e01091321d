import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { Public } from '../../access/allow.decorator.js';
import { FormCheck } from '../../access/form-check.js';
import { ForeignForm } from '../../access/refusals.js';
import { AcceptInvitation, findInvitation } from '../../agents/accept-invitation.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { exactText, readForm } from '../form-input.js';
import { refusalOf } from '../page-writes.js';
import { keepSignedIn, originOf } from './browser-session.js';
import { WelcomePage } from './welcome.page.js';

@Controller('welcome')
export class WelcomeController {
  constructor(
    private readonly env: Env,
    private readonly forms: FormCheck,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly transaction: Transaction,
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
  async accept(
    @Param('token') token: string,
    @Body() body: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, ['_csrf', 'username', 'password', 'again']);
    if (!this.forms.isIssued(request, form._csrf)) throw new ForeignForm();
    try {
      const password = exactText(body, 'password');
      if (password !== exactText(body, 'again'))
        throw new ValidationFailed([{ field: 'password', code: 'mismatch', message: 'typed differently' }]);
      const asked = { token, purpose: 'invitation', password, ...originOf(this.env, request) } as const;
      keepSignedIn(this.env, response, await this.acceptInvitation.execute(asked));
      response.redirect(303, '/');
    } catch (error) {
      const problems = refusalOf(error, response);
      response.type('html').send(await this.page(token, request, response, problems));
    }
  }

  private async page(
    token: string,
    request: Request,
    response: Response,
    problems: Problems,
  ): Promise<string> {
    const { email, firstName } = await this.transaction.run((tx) => findInvitation(tx, token, 'invitation'));
    const csrfToken = this.forms.issue(request, response);
    return renderPage(h(WelcomePage, { csrfToken, token, email, firstName, problems }));
  }
}
