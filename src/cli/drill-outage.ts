import { setTimeout as delay } from 'node:timers/promises';
import { type Env, isHostAllowed, type SmsOperator } from '../../config/env.js';
import { Gateways } from '../notifications/providers/gateways.js';
import type { MessageGateway } from '../notifications/providers/message-gateway.port.js';
import { CommandError } from './output.js';

/** An operator that fails for a while. */
export interface Outage {
  /** `simulator`: its server really refuses; `stand-in`: calls are sent to a port where nobody listens. */
  readonly how: 'simulator' | 'stand-in';
  /** The gateway through which its texts go while it fails. */
  readonly gateway: MessageGateway;
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** Nobody listens there: the connection is refused before a byte is sent. */
const NOWHERE = 'http://127.0.0.1:1';
const ANSWERS_WITHIN_MS = 3_000;
/** It comes back by itself if the drill is killed. */
const LONGEST_OUTAGE_MS = 60_000;
const SWITCHES: Readonly<Record<SmsOperator, string>> = { twilio: 'down', 'link-mobility': 'linkDown' };

/** The simulator's own switch where the operators are simulated, a stand-in where they are real. */
export async function outageOf(
  env: Readonly<Env>,
  failing: SmsOperator,
  gateways: Gateways,
): Promise<Outage> {
  const other = env.SMS_PROVIDERS.find((operator) => operator !== failing);
  const address = other === undefined ? undefined : baseOf(env, other);
  if (env.APP_ENV !== 'production' && address !== undefined && (await isSimulator(env, address)))
    return simulated(failing, address, baseOf(env, failing) ?? NOWHERE, gateways.byOperator(failing));
  return standIn(env, failing);
}

function baseOf(env: Readonly<Env>, operator: SmsOperator): string | undefined {
  return operator === 'twilio' ? env.TWILIO_API_BASE_URL : env.LINK_MOBILITY_API_BASE_URL;
}

async function isSimulator(env: Readonly<Env>, address: string): Promise<boolean> {
  if (!isHostAllowed(env, address)) return false;
  const control = await answer(`${address}/control`);
  return control !== undefined && 'linkDown' in control;
}

/** @param address of the operator that stays up: the switch is reached there */
function simulated(failing: SmsOperator, address: string, own: string, gateway: MessageGateway): Outage {
  const turn = async (change: object): Promise<void> => {
    const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
    await fetch(`${address}/control`, { method: 'POST', body: JSON.stringify(change), signal });
  };
  const until = async (isUp: boolean): Promise<void> => {
    for (let waited = 0; waited < ANSWERS_WITHIN_MS; waited += 50) {
      if (((await answer(`${own}/control`)) !== undefined) === isUp) return;
      await delay(50);
    }
    throw new CommandError(`the simulated ${failing} does not go ${isUp ? 'up' : 'down'}`);
  };
  return {
    how: 'simulator',
    gateway,
    begin: async () => {
      await turn({ [SWITCHES[failing]]: 'refuse', downMs: LONGEST_OUTAGE_MS });
      await until(false);
    },
    end: async () => {
      await turn({ [SWITCHES[failing]]: false });
      await until(true);
    },
  };
}

function standIn(env: Readonly<Env>, failing: SmsOperator): Outage {
  const nowhere: Env = {
    ...env,
    TWILIO_API_BASE_URL: NOWHERE,
    LINK_MOBILITY_API_BASE_URL: NOWHERE,
  };
  const gateway = new Gateways(nowhere).byOperator(failing);
  return { how: 'stand-in', gateway, begin: () => Promise.resolve(), end: () => gateway.close() };
}

async function answer(url: string): Promise<object | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    const value: unknown = await response.json();
    return response.ok && typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
