import { Injectable } from '@nestjs/common';
import { Env } from '../../config/env.js';
import { type Calendar, isClosedDay } from '../organizations/domain/calendar.js';
import type { SendRules } from './domain/decide-send.js';
import { parseWindow } from './domain/send-window.js';
import { Gateways } from './providers/gateways.js';

const never = () => false;

/** When and how messages of a service may leave: the window of the environment, the closed days of the service. */
@Injectable()
export class SendingRules {
  private readonly window;

  constructor(
    env: Env,
    private readonly gateways: Gateways,
  ) {
    this.window = parseWindow(env.SEND_WINDOW);
  }

  of(organization: { readonly calendar: Calendar; readonly sendsOnClosedDays: boolean }): SendRules {
    return {
      window: this.window,
      mailIsOn: this.gateways.mailIsOn,
      isClosed: organization.sendsOnClosedDays ? never : (date) => isClosedDay(organization.calendar, date),
    };
  }
}
