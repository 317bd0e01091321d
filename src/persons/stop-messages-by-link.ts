import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface StopLinkView {
  readonly personId: string;
  readonly convocationId: string;
  /** Null while messages are still sent. */
  readonly stoppedAt: Date | null;
}

/**
 * What a stop page shows before anything is done.
 * @throws NotFound when the token is unknown or has expired
 */
export function findStopLink(tx: EntityManager, token: string): Promise<StopLinkView> {
  throw new Error('skeleton');
}

@Injectable()
export class StopMessagesByLink {
  /** Again changes nothing. @throws NotFound when the token is unknown or has expired */
  execute(tx: EntityManager, command: { readonly token: string }): Promise<StopLinkView> {
    throw new Error('skeleton');
  }
}
