import { Command, InvalidArgumentError } from 'commander';
import type { Env } from '../../config/env.js';
import { readEnv } from '../../config/process-env.js';
import { inTransaction, withDatabase } from './context.js';
import { CommandError, counted, report } from './output.js';
import { seedVolume } from './seed-volume.js';

interface VolumeOptions {
  readonly persons: number;
  readonly convocations: number;
  readonly dueNow: number;
  readonly json?: boolean;
}

export function seedCommand(): Command {
  const demo = new Command('demo')
    .description('create the fictional jurisdiction of the demo, or top its day up')
    .option('--json', 'report as one line of JSON')
    .action(seedDemoWorld);
  const volume = new Command('volume')
    .description('many fictional persons and convocations, by set-based SQL')
    .requiredOption('--persons <n>', 'persons to add', count)
    .requiredOption('--convocations <n>', 'convocations to add, all told', count)
    .option('--due-now <n>', 'persons who have one message due now, and nothing else within a day', count, 0)
    .option('--json', 'report as one line of JSON')
    .action(seedMany);
  return new Command('seed')
    .description('fictional data (APP_ENV demo or test only)')
    .addCommand(demo)
    .addCommand(volume);
}

async function seedDemoWorld({ json }: { json?: boolean }): Promise<void> {
  const env = readFictionalEnv();
  // Loaded on demand: the production image has no demo.
  const { seedDemo } = await import('../../demo/world/seed-demo.js');
  const { agents } = await withDatabase(env, seedDemo);
  const sentences = agents.map(
    ({ email, password, role, organization }) => `${email}  ${password}  ${role}, ${organization}`,
  );
  report(json, { agents }, ['The demo world is ready. Sign-ins:', ...sentences]);
}

async function seedMany({ json, ...volume }: VolumeOptions): Promise<void> {
  const env = readFictionalEnv();
  if (volume.dueNow > volume.persons) throw new CommandError('--due-now is larger than --persons');
  if (volume.convocations > 0 && volume.persons === 0) throw new CommandError('convocations need persons');
  const seeded = await inTransaction(env, (tx) => seedVolume(tx, volume));
  report(json, seeded, [
    `Added ${counted(seeded.persons, 'person')} and ${counted(seeded.convocations, 'convocation')}; due now: ${counted(seeded.dueNow, 'message')}.`,
  ]);
}

function readFictionalEnv(): Readonly<Env> {
  const env = readEnv();
  if (env.APP_ENV !== 'demo' && env.APP_ENV !== 'test')
    throw new CommandError('fictional data is for APP_ENV demo or test only');
  return env;
}

function count(text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}
