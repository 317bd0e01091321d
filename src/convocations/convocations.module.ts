import { Module } from '@nestjs/common';
import { BookConvocation } from './book-convocation.js';
import { CancelConvocation } from './cancel-convocation.js';
import { RecordAttendance } from './record-attendance.js';
import { RecordDay } from './record-day.js';
import { ReopenConvocation } from './reopen-convocation.js';
import { RescheduleConvocation } from './reschedule-convocation.js';

const USE_CASES = [
  BookConvocation,
  RescheduleConvocation,
  CancelConvocation,
  RecordAttendance,
  RecordDay,
  ReopenConvocation,
];

@Module({ providers: USE_CASES, exports: USE_CASES })
export class ConvocationsModule {}
