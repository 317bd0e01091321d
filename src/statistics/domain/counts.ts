import type { OutcomeCounts } from './absence-rate.js';

/** What became of the past convocations of one cell (a service, a month, a type…). Whole numbers from 0. */
export interface AttendanceCounts extends OutcomeCounts {
  readonly cancelled: number;
  /** Past and not marked. */
  readonly unknown: number;
}

/** As `AttendanceCounts`, with what is named apart. */
export interface DetailedCounts extends AttendanceCounts {
  readonly cancelledByService: number;
  readonly cancelledByPerson: number;
  readonly cancelledByCourt: number;
  /** Past, not cancelled, moved to another date, hour or place at least once; whatever the outcome. */
  readonly rescheduled: number;
}

/** One month of one service. */
export interface ServiceMonth extends AttendanceCounts {
  readonly organizationId: string;
  /** `YYYY-MM` of the promised local date. */
  readonly month: string;
  /** `recorded`: marked in this database. `baseline`: imported counts of before, used where nothing is recorded. */
  readonly source: 'recorded' | 'baseline';
}

/** Outcome by outcome. */
export function addCounts(a: AttendanceCounts, b: AttendanceCounts): AttendanceCounts {
  return {
    attended: a.attended + b.attended,
    missed: a.missed + b.missed,
    excused: a.excused + b.excused,
    cancelled: a.cancelled + b.cancelled,
    unknown: a.unknown + b.unknown,
  };
}

/** Outcome by outcome, with who cancelled. */
export function sumDetailed(counts: readonly DetailedCounts[]): DetailedCounts {
  const sum = (name: keyof DetailedCounts) => counts.reduce((total, one) => total + one[name], 0);
  return {
    ...{ attended: sum('attended'), missed: sum('missed'), excused: sum('excused') },
    ...{ cancelled: sum('cancelled'), unknown: sum('unknown'), rescheduled: sum('rescheduled') },
    cancelledByService: sum('cancelledByService'),
    cancelledByPerson: sum('cancelledByPerson'),
    cancelledByCourt: sum('cancelledByCourt'),
  };
}
