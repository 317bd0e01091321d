import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { BookingTarget } from './booking-target.js';
import type { ConvocationView } from './convocation.queries.js';

export type BookConvocationCommand = BookingTarget & {
  readonly personId: string;
  readonly typeCode: string;
  /** Sends the summons; the reminder is planned either way. */
  readonly notify: boolean;
};

@Injectable()
export class BookConvocation {
  execute(tx: EntityManager, command: BookConvocationCommand, actor: Actor): Promise<ConvocationView> {
    throw new Error('skeleton');
  }
}
