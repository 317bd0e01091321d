import type { ImpactReport, ServiceImpact } from '../../statistics/impact.query.js';
import type { ImpactAnswer } from './impact.dto.js';

/** The same figures as the page, without what names an agent or was written in a note. */
export function impactAnswer({ services, overall }: ImpactReport): ImpactAnswer {
  return { services: services.map(serviceAnswer), overall };
}

function serviceAnswer(service: ServiceImpact): ImpactAnswer['services'][number] {
  const { id, name, series, baselineMonths, naive, interrupted, habits } = service;
  return {
    ...{ id, name, startedIn: series.startedIn, naive, interrupted, habits },
    months: series.months.map(({ month, attended, missed, excused, cancelled, unknown }) => ({
      ...{ month, attended, missed, excused, cancelled, unknown },
      source: baselineMonths.includes(month) ? 'baseline' : 'recorded',
    })),
    rollouts: service.rollouts.map(({ placeId, typeCode, startedOn, stoppedOn }) => ({
      ...{ placeId, typeCode, startedOn, stoppedOn },
    })),
    targets: service.targets.map(({ relativeChange, fromOn, untilOn }) => ({
      ...{ relativeChange, fromOn, untilOn },
    })),
  };
}
