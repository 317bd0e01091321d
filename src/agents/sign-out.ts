import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { closeSession } from './sessions.js';

/** Ends the session for good: its cookie is worth nothing afterwards. */
@Injectable()
export class SignOut {
  async execute(tx: EntityManager, command: { readonly token: string }): Promise<void> {
    await closeSession(tx, command.token);
  }
}
