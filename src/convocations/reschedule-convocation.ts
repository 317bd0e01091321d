import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { BookingTarget } from './booking-target.js';
import type { ConvocationView } from './convocation.queries.js';

export type RescheduleConvocationCommand = BookingTarget & {
  readonly convocationId: string;
  readonly notify: boolean;
};

@Injectable()
export class RescheduleConvocation {
  execute(tx: EntityManager, command: RescheduleConvocationCommand, actor: Actor): Promise<ConvocationView> {
    throw new Error('skeleton');
  }
}
