import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { SignedIn } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { ChangePassword } from '../../agents/password/change-password.js';
import { RateLimited } from '../../platform/refusals.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { exactText, readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { refusalOf } from '../page-writes.js';
import { keepSession, originOf, sessionToken } from '../sign-in/browser-session.js';
import { typedTwice } from '../sign-in/chosen-password.js';
import { waitProblems } from '../sign-in/code-problems.js';
import { ownAgentId } from './own-account.js';
import { PasswordPage } from './password.page.js';

/** The agent changes the own password, knowing the old one. */
@SignedIn()
@Controller('account/password')
export class PasswordController {
  constructor(
    private readonly env: Env,
    private readonly changePassword: ChangePassword,
  ) {}

  @Get()
  show(@CurrentSession() session: PageSession): string {
    return page(session, []);
  }

  @Post()
  @HttpCode(200)
  async change(
    @Body() body: Record<string, unknown>,
    @CurrentSession() session: PageSession,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    ownAgentId(session);
    readForm(body, ['username', 'current', 'password', 'again']);
    try {
      const token = await this.changed(body, request);
      keepSession(this.env, response, token);
      response.redirect(303, '/account/security?done=password');
    } catch (error) {
      const problems =
        error instanceof RateLimited ? waitProblems(error, response) : refusalOf(error, response);
      response.type('html').send(page(session, problems));
    }
  }

  private changed(body: Record<string, unknown>, request: CallerRequest): Promise<string> {
    const next = typedTwice(body);
    const { address, deviceToken } = originOf(this.env, request);
    const token = sessionToken(this.env, request);
    return this.changePassword.execute({
      token,
      current: exactText(body, 'current'),
      next,
      address,
      deviceToken,
    });
  }
}

function page(session: PageSession, problems: Problems): string {
  ownAgentId(session);
  return renderPage(h(PasswordPage, { frame: frameOf(session), problems }));
}
