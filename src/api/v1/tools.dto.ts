import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsInt, Matches, Max, Min } from 'class-validator';
import { CALENDARS, type Calendar } from '../../organizations/domain/calendar.js';
import { AnyText } from '../../platform/validation.js';
import { Flag, InstantText, LocalDate, LocalHour, OneOf, Optional, RawText, TimeZone } from './fields.js';

const BODY_CHARACTERS = 65_536;

/** The answer is about whatever was typed: nothing is refused but another shape. */
@AnyText()
export class ParsePhoneDto {
  @RawText(BODY_CHARACTERS) readonly input!: string;
  /** Hint for a number typed without its country code. */
  @Optional() @RawText(BODY_CHARACTERS) readonly territory?: string | null;
}

export class ParsedPhoneAnswer {
  @ApiProperty() readonly valid!: boolean;
  @ApiProperty({ description: 'can receive a text message' }) readonly mobile!: boolean;
  @ApiProperty({ type: String, nullable: true }) readonly e164!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly territory!: string | null;
}

@AnyText()
export class PreviewSmsDto {
  @RawText(BODY_CHARACTERS) readonly text!: string;
}

export class SmsLengthAnswer {
  @ApiProperty() readonly text!: string;
  @ApiProperty({ enum: ['GSM-7', 'UCS-2'] }) readonly encoding!: 'GSM-7' | 'UCS-2';
  @ApiProperty() readonly units!: number;
  @ApiProperty() readonly segments!: number;
  @ApiProperty({ type: [String] }) readonly costlyCharacters!: readonly string[];
}

export class HolidayAnswer {
  @ApiProperty({ format: 'date' }) readonly date!: string;
  @ApiProperty() readonly label!: string;
}

export class PreviewPlanDto {
  @LocalDate() readonly date!: string;
  @LocalHour() readonly time!: string;
  @TimeZone() readonly timeZone!: string;
  /** The only "now" of the answer. */
  @InstantText() readonly bookedAt!: string;
  /** A summons leaves too; absent: no. */
  @Optional() @Flag() readonly notify?: boolean | null;
  /** Calendar days before the promised one; absent: `[1]`. */
  @Optional()
  @ApiProperty({ type: [Number], example: [1] })
  @IsArray()
  @ArrayMaxSize(20)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(366, { each: true })
  readonly offsets?: readonly number[] | null;
  /** Absent: `08:00-20:00`; null: no window. */
  @Optional()
  @ApiProperty({ type: String, example: '08:00-20:00' })
  @Matches(/^\d{2}:\d{2}-\d{2}:\d{2}$/)
  readonly window?: string | null;
  /** Closes Sundays and its holidays; absent: nothing is closed. */
  @Optional() @OneOf(CALENDARS) readonly calendar?: Calendar | null;
}

export class PlannedMessageAnswer {
  @ApiProperty({ enum: ['summons', 'reminder'] }) readonly kind!: string;
  @ApiProperty() readonly offsetDays!: number;
  @ApiProperty({ format: 'date-time' }) readonly dueAt!: string;
  @ApiProperty({ format: 'date' }) readonly localDate!: string;
  @ApiProperty({ example: '09:30' }) readonly localTime!: string;
  @ApiProperty({ type: String, enum: ['window', 'gap', 'closed-day', 'late'], nullable: true })
  readonly reason!: string | null;
}
