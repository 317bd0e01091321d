import { ApiProperty } from '@nestjs/swagger';
import type { BookingTarget } from '../../convocations/booking-target.js';
import {
  CANCELLED_BY,
  type CancelledBy,
  CONVOCATION_STATES,
} from '../../convocations/domain/convocation.states.js';
import { CHANNELS, MESSAGE_KINDS, MESSAGE_STATES } from '../../notifications/domain/notification.states.js';
import { type FieldError, ValidationFailed } from '../../shared/domain-error.js';
import { Flag, Id, LocalDate, LocalHour, OneOf, Optional, Text } from './fields.js';

/** A seat (`slotId`), or a free hour (`agendaId`, `date`, `time`). */
class TargetFields {
  @Optional() @Id() readonly slotId?: string | null;
  @Optional() @Id() readonly agendaId?: string | null;
  @Optional() @LocalDate() readonly date?: string | null;
  /** Wall clock at the place. */
  @Optional() @LocalHour() readonly time?: string | null;
}

export class BookConvocationDto extends TargetFields {
  @Id() readonly personId!: string;
  @Text(60, { example: 'suivi-spip' }) readonly typeCode!: string;
  /** Sends the summons; the reminder is planned either way. No default: the caller chooses. */
  @Flag() readonly notify!: boolean;
}

export class RescheduleConvocationDto extends TargetFields {
  /** Tells the person; absent: yes. */
  @Optional() @Flag() readonly notify?: boolean | null;
}

export class ChangeConvocationDto {
  /** Tells the person; absent: for a cancellation yes, otherwise no. */
  @Optional() @Flag() readonly notify?: boolean | null;
  /** For a cancellation; absent: the service. */
  @Optional() @OneOf(CANCELLED_BY) readonly cancelledBy?: CancelledBy | null;
}

class NotificationAnswer {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  @ApiProperty({ enum: MESSAGE_KINDS }) readonly kind!: string;
  @ApiProperty({ type: String, enum: CHANNELS, nullable: true }) readonly channel!: string | null;
  @ApiProperty({ enum: MESSAGE_STATES }) readonly state!: string;
  @ApiProperty({ format: 'date-time' }) readonly dueAt!: string;
}

export class ConvocationAnswer {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  @ApiProperty({ format: 'uuid' }) readonly personId!: string;
  @ApiProperty() readonly typeCode!: string;
  @ApiProperty({ format: 'uuid' }) readonly agendaId!: string;
  @ApiProperty({ format: 'uuid' }) readonly placeId!: string;
  @ApiProperty({ format: 'uuid' }) readonly organizationId!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) readonly slotId!: string | null;
  @ApiProperty({ enum: CONVOCATION_STATES }) readonly state!: string;
  @ApiProperty({ type: String, enum: CANCELLED_BY, nullable: true }) readonly cancelledBy!: string | null;
  @ApiProperty({ format: 'date-time' }) readonly startsAt!: string;
  @ApiProperty({ format: 'date' }) readonly date!: string;
  @ApiProperty({ example: '09:30' }) readonly time!: string;
  @ApiProperty() readonly timeZone!: string;
  @ApiProperty() readonly durationMinutes!: number;
  @ApiProperty() readonly promiseVersion!: number;
  @ApiProperty({ type: [NotificationAnswer] }) readonly notifications!: readonly NotificationAnswer[];
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly updatedAt!: string;
}

/** @throws ValidationFailed unless exactly one of the two ways is given, whole */
export function targetOf({ slotId, agendaId, date, time }: TargetFields): BookingTarget {
  if (slotId != null && agendaId == null && date == null && time == null) return { slotId };
  if (slotId == null && agendaId != null && date != null && time != null) return { agendaId, date, time };
  throw new ValidationFailed(targetFaults({ slotId, agendaId, date, time }));
}

function targetFaults({ slotId, ...hour }: Readonly<Record<string, unknown>>): FieldError[] {
  const given = Object.entries(hour).filter(([, value]) => value != null);
  if (slotId != null)
    return given.map(([field]) => ({ field, code: 'unexpected', message: 'not together with slotId' }));
  if (given.length === 0)
    return [
      { field: 'slotId', code: 'required', message: 'slotId, or agendaId, date and time, is expected' },
    ];
  const missing = Object.entries(hour).filter(([, value]) => value == null);
  return missing.map(([field]) => ({ field, code: 'required', message: 'required without slotId' }));
}
