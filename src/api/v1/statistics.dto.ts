import { ApiProperty } from '@nestjs/swagger';
import { ATTENDANCE_GROUPS, type AttendanceGroup } from '../../statistics/attendance.query.js';
import { Id, LocalDate, OneOf, Optional } from './fields.js';

export class AttendanceQuery {
  /** Absent: the service of the key. */
  @Optional() @Id() readonly organizationId?: string | null;
  /** First and last promised day, both included; absent: no bound. */
  @Optional() @LocalDate() readonly from?: string | null;
  @Optional() @LocalDate() readonly to?: string | null;
  /** Absent: by month. */
  @Optional() @OneOf(ATTENDANCE_GROUPS) readonly groupBy?: AttendanceGroup | null;
}

export class AttendanceAnswer {
  @ApiProperty({ description: 'month (YYYY-MM), code of the type, or id of the place' })
  readonly key!: string;
  @ApiProperty() readonly attended!: number;
  @ApiProperty() readonly missed!: number;
  @ApiProperty() readonly excused!: number;
  @ApiProperty() readonly cancelled!: number;
  @ApiProperty({ description: 'past and not marked' }) readonly unknown!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'missed ÷ (attended + missed + excused)' })
  readonly absenceRate!: number | null;
}
