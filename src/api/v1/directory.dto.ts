import { ApiProperty } from '@nestjs/swagger';
import { pageClass } from './listing.js';

export class OrganizationAnswer {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty({ enum: ['spip', 'tj'] }) readonly kind!: string;
  @ApiProperty() readonly timeZone!: string;
  @ApiProperty() readonly calendar!: string;
}

export class PlaceAnswer {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty({ format: 'uuid' }) readonly organizationId!: string;
  @ApiProperty() readonly address!: string;
  @ApiProperty() readonly timeZone!: string;
  @ApiProperty({ type: String, nullable: true }) readonly phone!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly email!: string | null;
}

export class AgendaAnswer {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty({ format: 'uuid' }) readonly placeId!: string;
  @ApiProperty({ format: 'uuid' }) readonly organizationId!: string;
  @ApiProperty() readonly timeZone!: string;
}

export class AppointmentTypeAnswer {
  @ApiProperty({ description: 'the code', example: 'suivi-spip' }) readonly id!: string;
  @ApiProperty({ description: 'the same code', example: 'suivi-spip' }) readonly code!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty() readonly needsSlot!: boolean;
  @ApiProperty() readonly onWeekends!: boolean;
  @ApiProperty() readonly showsAddress!: boolean;
  @ApiProperty() readonly isHearingExit!: boolean;
  @ApiProperty({ type: String, nullable: true }) readonly placeKind!: string | null;
}

export const OrganizationPage = pageClass(OrganizationAnswer);
export const PlacePage = pageClass(PlaceAnswer);
export const AgendaPage = pageClass(AgendaAnswer);
export const AppointmentTypePage = pageClass(AppointmentTypeAnswer);
