import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, MaxLength } from 'class-validator';
import { WORD_MEANS } from '../../persons/domain/resume-word.js';
import { Flag, Id, Ids, LocalDate, OneOf, Optional, RawText, Text } from './fields.js';
import { ListBody, pageClass } from './listing.js';

const REGISTERS = ['standard', 'discreet'] as const;
const NAME = 100;

class PersonFields {
  @Optional() @LocalDate() readonly birthDate?: string | null;
  /** As typed; read with `territory` as a hint. */
  @Optional() @RawText(60) readonly phone?: string | null;
  @Optional() @Text(3, { example: 'RE' }) readonly territory?: string | null;
  @Optional() @Flag() readonly noPhone?: boolean | null;
  @Optional() @Flag() readonly smsRefused?: boolean | null;
  @Optional()
  @ApiProperty({ type: String, format: 'email' })
  @IsEmail()
  @MaxLength(254)
  readonly email?: string | null;
  @Optional() @Text(30) readonly appiNumber?: string | null;
  @Optional() @Text(10, { example: 'fr' }) readonly language?: string | null;
  @Optional() @OneOf(REGISTERS) readonly register?: 'standard' | 'discreet' | null;
  @Optional() @Ids(20) readonly organizationIds?: readonly string[] | null;
  @Optional() @Id() readonly referentId?: string | null;
}

export class RegisterPersonDto extends PersonFields {
  @Text(NAME) readonly firstName!: string;
  @Text(NAME) readonly lastName!: string;
}

/** Absent: unchanged; null: erased, where that is possible. */
export class UpdatePersonDto extends PersonFields {
  @Optional() @Text(NAME) readonly firstName?: string | null;
  @Optional() @Text(NAME) readonly lastName?: string | null;
  /** With `smsRefused: false` against a refusal: how the person said that texts may be sent again. */
  @Optional() @OneOf(WORD_MEANS) readonly wordMeans?: string | null;
  /** And when, not before the refusal. */
  @Optional() @LocalDate() readonly wordSaidOn?: string | null;
}

export class SearchPersonsDto extends ListBody {
  @Text(200) readonly query!: string;
}

class PhoneAnswer {
  @ApiProperty({ example: '+33612345678' }) readonly e164!: string;
  @ApiProperty() readonly mobile!: boolean;
}

export class PersonAnswer {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  @ApiProperty() readonly firstName!: string;
  @ApiProperty() readonly lastName!: string;
  @ApiProperty({ type: String, format: 'date', nullable: true }) readonly birthDate!: string | null;
  @ApiProperty({ type: PhoneAnswer, nullable: true }) readonly phone!: PhoneAnswer | null;
  @ApiProperty() readonly noPhone!: boolean;
  @ApiProperty() readonly smsRefused!: boolean;
  @ApiProperty({ description: 'a text message can be sent' }) readonly reachable!: boolean;
  @ApiProperty({ type: String, nullable: true }) readonly email!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly appiNumber!: string | null;
  @ApiProperty() readonly language!: string;
  @ApiProperty({ enum: REGISTERS }) readonly register!: 'standard' | 'discreet';
  @ApiProperty({ type: [String] }) readonly organizationIds!: readonly string[];
  @ApiProperty({ type: String, nullable: true }) readonly referentId!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) readonly archivedAt!: string | null;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ format: 'date-time', description: 'to be given back in If-Match' })
  readonly updatedAt!: string;
}

export const PersonPage = pageClass(PersonAnswer);
