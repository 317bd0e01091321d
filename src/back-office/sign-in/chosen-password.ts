import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Env } from '../../../config/env.js';
import { FormCheck } from '../../access/form-check.js';
import { ForeignForm } from '../../access/refusals.js';
import { AcceptInvitation } from '../../agents/accept-invitation.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { exactText, readForm } from '../form-input.js';
import { refusalOf } from '../page-writes.js';
import { keepSignedIn, originOf } from './browser-session.js';

/** What came with the form of a link that was sent: an invitation, or a new password after a forgotten one. */
export interface PasswordChoice {
  readonly token: string;
  readonly purpose: 'invitation' | 'reset';
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: Request;
  readonly response: Response;
}

/**
 * A new password, to the letter, typed twice.
 * @throws ValidationFailed when the second one is another
 */
export function typedTwice(body: Readonly<Record<string, unknown>>): string {
  const password = exactText(body, 'password');
  if (password !== exactText(body, 'again'))
    throw new ValidationFailed([{ field: 'password', code: 'mismatch', message: 'typed differently' }]);
  return password;
}

/** Takes the password that a sent link let someone choose, and signs in at once. */
@Injectable()
export class PasswordByLink {
  constructor(
    private readonly env: Env,
    private readonly forms: FormCheck,
    private readonly acceptInvitation: AcceptInvitation,
  ) {}

  /**
   * @param again the page of the link with what was refused
   * @throws ForeignForm for a form that this browser did not get from us; what no form can mend
   */
  async take(choice: PasswordChoice, again: (problems: Problems) => Promise<string>): Promise<void> {
    const { token, purpose, body, request, response } = choice;
    const form = readForm(body, ['_csrf', 'username', 'password', 'again']);
    if (!this.forms.isIssued(request, form._csrf)) throw new ForeignForm();
    try {
      const asked = { token, purpose, password: typedTwice(body), ...originOf(this.env, request) };
      keepSignedIn(this.env, response, await this.acceptInvitation.execute(asked));
      response.redirect(303, '/');
    } catch (error) {
      const problems = refusalOf(error, response);
      response.type('html').send(await again(problems));
    }
  }
}
