import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CannotOpen, Sealing } from '../platform/sealing.js';

const SECRET_BYTES = 32;

/** Secrets of receivers: shown once, kept sealed to their row. */
@Injectable()
export class WebhookSecrets {
  constructor(private readonly sealing: Sealing) {}

  /** 256 random bits, recognisable by `whsec_`. */
  make(): string {
    return `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  }

  seal(endpointId: string, secret: string): Buffer {
    return this.sealing.seal(secret, webhookSecretContext(endpointId));
  }

  /** Undefined for one that no key opens any more. */
  tryOpen(endpointId: string, sealed: Buffer): string | undefined {
    try {
      return this.sealing.open(sealed, webhookSecretContext(endpointId));
    } catch (error) {
      if (error instanceof CannotOpen) return undefined;
      throw error;
    }
  }
}

export function webhookSecretContext(endpointId: string): string {
  return `webhook_endpoint:${endpointId}:secret`;
}
