import { Injectable } from '@nestjs/common';
import { Env } from '../../config/env.js';

/**
 * Named places where a test may kill the process. `FAILPOINTS=name=kill-3` sends SIGKILL at the third passage;
 * without the variable (always so in production) a passage is one map look-up.
 */
@Injectable()
export class Failpoints {
  private readonly armed = new Map<string, number>();

  constructor(env: Env) {
    for (const entry of env.FAILPOINTS) {
      const [name = '', action = 'kill-1'] = entry.split('=');
      this.armed.set(name, Number(/^kill-(\d+)$/.exec(action)?.[1] ?? 1));
    }
  }

  pass(name: string): void {
    const left = this.armed.get(name);
    if (left === undefined) return;
    if (left <= 1) process.kill(process.pid, 'SIGKILL');
    this.armed.set(name, left - 1);
  }
}
