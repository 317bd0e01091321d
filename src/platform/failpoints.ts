import { Injectable } from '@nestjs/common';
import { Env } from '../../config/env.js';

type Action = 'kill' | 'throw' | 'stall';

interface Armed {
  readonly action: Action;
  /** Passages left before it acts; for `stall`, milliseconds. */
  readonly number: number;
}

/** Thrown at a failpoint armed with `throw`. */
export class FailpointReached extends Error {
  constructor(name: string) {
    super(`failpoint ${name}`);
  }
}

/**
 * Named places where a test may break the process. `FAILPOINTS=name=kill-3` sends SIGKILL at the third passage,
 * `throw-3` throws there, `stall-5000` blocks the whole process for five seconds at the first passage. Without the
 * variable (always so in production) a passage is one map look-up.
 */
@Injectable()
export class Failpoints {
  private readonly armed = new Map<string, Armed>();

  constructor(env: Env) {
    for (const entry of env.FAILPOINTS) {
      const [name = '', action = 'kill-1'] = entry.split('=');
      this.armed.set(name, actionOf(action));
    }
  }

  /** For what a test switches off for good, whatever the action said. */
  isArmed(name: string): boolean {
    return this.armed.has(name);
  }

  /** @throws FailpointReached when this place is armed with `throw` */
  pass(name: string): void {
    const armed = this.armed.get(name);
    if (armed === undefined) return;
    if (armed.action !== 'stall' && armed.number > 1) {
      this.armed.set(name, { ...armed, number: armed.number - 1 });
      return;
    }
    this.armed.delete(name);
    if (armed.action === 'kill') process.kill(process.pid, 'SIGKILL');
    if (armed.action === 'stall') block(armed.number);
    if (armed.action === 'throw') throw new FailpointReached(name);
  }
}

/** What is not understood kills: an armed failpoint never passes for a harmless one. */
function actionOf(text: string): Armed {
  const [, action = 'kill', number = '1'] = /^(kill|throw|stall)-(\d+)$/.exec(text) ?? [];
  return { action: action as Action, number: Number(number) };
}

/** Nothing else of this process runs meanwhile: no timer, no socket, no renewal of a lock. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
