import { Injectable } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import { type Calendar, isClosedDay } from '../../organizations/domain/calendar.js';
import type { SendRules } from '../domain/decide-send.js';
import { ALL_DAY, parseWindow, type SendWindow } from '../domain/send-window.js';
import { Gateways } from '../providers/gateways.js';

const never = () => false;

/** What a service decides of its own sends. */
export interface ServiceHours {
  readonly calendar: Calendar;
  readonly sendsOnClosedDays: boolean;
  /** `HH:mm-HH:mm`; null: the hours of the environment. */
  readonly sendWindow: string | null;
}

/** When and how messages of a service may leave: its own hours, else those of the environment, and its closed days. */
@Injectable()
export class SendingRules {
  /** Hours of a service that sets none. */
  readonly usualWindow: SendWindow;
  /** Where time is simulated, hours that were lifted are lifted for every service. */
  private readonly isLifted: boolean;

  constructor(
    env: Env,
    private readonly gateways: Gateways,
  ) {
    this.usualWindow = parseWindow(env.SEND_WINDOW);
    const { from, to } = this.usualWindow;
    this.isLifted =
      (env.APP_ENV === 'demo' || env.APP_ENV === 'test') && from === ALL_DAY.from && to === ALL_DAY.to;
  }

  of({ calendar, sendsOnClosedDays, sendWindow }: ServiceHours): SendRules {
    return {
      window: sendWindow === null || this.isLifted ? this.usualWindow : parseWindow(sendWindow),
      mailIsOn: this.gateways.mailIsOn,
      isClosed: sendsOnClosedDays ? never : (date) => isClosedDay(calendar, date),
    };
  }
}
