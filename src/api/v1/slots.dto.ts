import { ApiProperty } from '@nestjs/swagger';
import { Id, LocalDate, LocalHour, Optional, Text, Whole } from './fields.js';
import { ListQuery, pageClass } from './listing.js';

const TYPE_CODE = 60;

export class OpenSlotDto {
  @Id() readonly agendaId!: string;
  @Text(TYPE_CODE, { example: 'sortie-audience-spip' }) readonly typeCode!: string;
  @LocalDate() readonly date!: string;
  /** Wall clock at the place. */
  @LocalHour() readonly time!: string;
  @Whole(5, 600) readonly durationMinutes!: number;
  @Whole(1, 500) readonly capacity!: number;
}

export class ListSlotsQuery extends ListQuery {
  @Optional() @Id() readonly agendaId?: string;
  @Optional() @Id() readonly placeId?: string;
  @Optional() @Text(TYPE_CODE) readonly typeCode?: string;
  /** First and last day, both included. */
  @Optional() @LocalDate() readonly from?: string;
  @Optional() @LocalDate() readonly to?: string;
}

export class SlotAnswer {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  @ApiProperty({ format: 'uuid' }) readonly agendaId!: string;
  @ApiProperty({ format: 'uuid' }) readonly placeId!: string;
  @ApiProperty({ format: 'uuid' }) readonly organizationId!: string;
  @ApiProperty() readonly typeCode!: string;
  @ApiProperty({ format: 'date' }) readonly date!: string;
  @ApiProperty({ example: '09:30' }) readonly time!: string;
  @ApiProperty() readonly timeZone!: string;
  @ApiProperty({ format: 'date-time' }) readonly startsAt!: string;
  @ApiProperty() readonly durationMinutes!: number;
  @ApiProperty() readonly capacity!: number;
  @ApiProperty() readonly seatsLeft!: number;
}

export const SlotPage = pageClass(SlotAnswer);
