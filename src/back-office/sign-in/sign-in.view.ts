import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { FormCheck } from '../../access/form-check.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { SignInPage } from './sign-in.page.js';

export interface SignInState {
  readonly email: string;
  readonly returnTo: string;
  readonly problems?: Problems;
  readonly signedOut?: boolean;
}

/** The page on which everything begins, whatever led back to it. */
@Injectable()
export class SignInPages {
  constructor(
    private readonly env: Env,
    private readonly forms: FormCheck,
  ) {}

  signIn(request: Request, response: Response, state: SignInState): string {
    const csrfToken = this.forms.issue(request, response);
    const provider = this.env.OIDC_ISSUER === undefined ? null : this.env.OIDC_NAME;
    return renderPage(h(SignInPage, { problems: [], signedOut: false, ...state, csrfToken, provider }));
  }
}
