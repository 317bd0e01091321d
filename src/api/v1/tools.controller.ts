import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Temporal } from 'temporal-polyfill';
import { Allow } from '../../access/allow.decorator.js';
import { planMessages } from '../../notifications/domain/cadence.js';
import { parseWindow } from '../../notifications/domain/send-window.js';
import { type Calendar, CALENDARS, holidays, isClosedDay } from '../../organizations/domain/calendar.js';
import { NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { parsePhone } from '../../shared/phone-number.js';
import { smsLength } from '../../shared/sms-length.js';
import { toInstant } from '../../shared/time.js';
import { Documented } from './openapi.js';
import {
  HolidayAnswer,
  ParsedPhoneAnswer,
  ParsePhoneDto,
  PlannedMessageAnswer,
  PreviewPlanDto,
  PreviewSmsDto,
  SmsLengthAnswer,
} from './tools.dto.js';

/** The rule of Easter is that of the Gregorian calendar; beyond these years nobody is summoned. */
const YEARS = { first: 1900, last: 2200 } as const;
const USUAL_WINDOW = '08:00-20:00';

/** Pure functions over HTTP: nothing is read, nothing is stored. */
@ApiTags('tools')
@Documented()
@Allow('tools.use')
@Controller('api/v1')
export class ToolsController {
  @Post('phone-numbers/parse')
  @HttpCode(200)
  @ApiOkResponse({ type: ParsedPhoneAnswer })
  parsePhone(@Body() { input, territory }: ParsePhoneDto): ParsedPhoneAnswer {
    const { valid, mobile, e164, territory: found } = parsePhone(input, territory ?? undefined);
    return { valid, mobile, e164, territory: found };
  }

  @Get('calendars/:calendar/:year')
  @ApiOkResponse({ type: [HolidayAnswer] })
  calendar(@Param('calendar') name: string, @Param('year') yearText: string): HolidayAnswer[] {
    const calendar = CALENDARS.find((known) => known === name);
    if (calendar === undefined) throw new NotFound('calendar');
    return holidays(calendar, yearOf(yearText)).map(({ date, label }) => ({ date, label }));
  }

  @Post('sms/preview')
  @HttpCode(200)
  @ApiOkResponse({ type: SmsLengthAnswer })
  sms(@Body() { text }: PreviewSmsDto): SmsLengthAnswer {
    const { encoding, units, segments, costlyCharacters } = smsLength(text);
    return { text, encoding, units, segments, costlyCharacters };
  }

  @Post('reminder-plans/preview')
  @HttpCode(200)
  @ApiOkResponse({ type: [PlannedMessageAnswer] })
  plan(@Body() body: PreviewPlanDto): PlannedMessageAnswer[] {
    const promise = { date: body.date, time: body.time, timeZone: body.timeZone };
    const planned = planMessages({
      promise,
      startsAt: toInstant(promise),
      bookedAt: Temporal.Instant.from(body.bookedAt),
      announce: body.notify === true ? 'summons' : null,
      reminders: (body.offsets ?? [1]).map((offsetDays) => ({ offsetDays })),
      window: body.window === null ? null : parseWindow(body.window ?? USUAL_WINDOW),
      ...closedDaysOf(body.calendar ?? undefined),
    });
    return planned.map(({ kind, offsetDays, dueAt, localDate, localTime, reason }) => ({
      kind,
      offsetDays,
      dueAt: dueAt.toString({ fractionalSecondDigits: 3 }),
      localDate,
      localTime,
      reason,
    }));
  }
}

function closedDaysOf(calendar: Calendar | undefined): { isClosed?: (date: string) => boolean } {
  return calendar === undefined ? {} : { isClosed: (date) => isClosedDay(calendar, date) };
}

function yearOf(text: string): number {
  const year = /^\d{4}$/.test(text) ? Number(text) : 0;
  if (year >= YEARS.first && year <= YEARS.last) return year;
  const message = `a year from ${YEARS.first} to ${YEARS.last} is expected`;
  throw new ValidationFailed([{ field: 'year', code: 'year', message }]);
}
