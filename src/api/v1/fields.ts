import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';
import { Temporal } from 'temporal-polyfill';
import { isUuid } from '../../shared/ids.js';

/** Years a typed day may lie in: beyond them it is a slip of the keyboard. */
const YEARS = { first: 1900, last: 2200 } as const;

/** Absent or null alike. */
export function Optional(): PropertyDecorator {
  return applyDecorators(IsOptional(), ApiProperty({ required: false, nullable: true }));
}

/** A line of text that says something, trimmed. @param max characters */
export function Text(max: number, options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, minLength: 1, maxLength: max, ...options }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    IsString(),
    Length(1, max),
  );
}

/** A text taken as it is, empty or not. */
export function RawText(max: number): PropertyDecorator {
  return applyDecorators(ApiProperty({ type: String, maxLength: max }), IsString(), MaxLength(max));
}

export function Id(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'uuid' }),
    check('uuid', 'a UUID is expected', (value) => typeof value === 'string' && isUuid(value)),
  );
}

export function Ids(max: number): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: [String], format: 'uuid' }),
    IsArray(),
    ArrayMaxSize(max),
    check(
      'uuid',
      'UUIDs are expected',
      (value) => Array.isArray(value) && value.every((id: unknown) => typeof id === 'string' && isUuid(id)),
    ),
  );
}

export function OneOf(values: readonly string[]): PropertyDecorator {
  return applyDecorators(ApiProperty({ type: String, enum: [...values] }), IsIn([...values]));
}

export function Flag(): PropertyDecorator {
  return applyDecorators(ApiProperty({ type: Boolean }), IsBoolean());
}

export function Whole(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: min, maximum: max }),
    IsInt(),
    Min(min),
    Max(max),
  );
}

/** The same in a query string. */
export function WholeInQuery(min: number, max: number): PropertyDecorator {
  const digits = ({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value;
  return applyDecorators(Transform(digits), Whole(min, max));
}

/** A day that exists, `YYYY-MM-DD`. */
export function LocalDate(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date', example: '2026-04-14' }),
    check('date', `a day is expected, YYYY-MM-DD, from ${YEARS.first} to ${YEARS.last}`, isLocalDate),
  );
}

/** A wall clock, `HH:mm`. */
export function LocalHour(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', example: '09:30' }),
    check(
      'time',
      'an hour is expected, HH:mm',
      (value) => typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
    ),
  );
}

/** ISO 8601, with `Z` or an offset. */
export function InstantText(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date-time', example: '2026-04-01T10:00:00Z' }),
    check('instant', 'an instant is expected, ISO 8601 with Z', isInstant),
  );
}

/** IANA name of a time zone, never an offset. */
export function TimeZone(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, example: 'Indian/Reunion' }),
    check('time-zone', 'the IANA name of a time zone is expected', isTimeZone),
  );
}

function check(name: string, message: string, validate: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({ name, validator: { validate, defaultMessage: () => message } });
}

function isLocalDate(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const year = Number(value.slice(0, 4));
  return year >= YEARS.first && year <= YEARS.last && parses(() => Temporal.PlainDate.from(value));
}

function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(value))
    return false;
  return isLocalDate(value.slice(0, 10)) && parses(() => Temporal.Instant.from(value));
}

function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z]{3}[A-Za-z0-9_+/-]{0,70}$/.test(value)) return false;
  return parses(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(value));
}

function parses(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
