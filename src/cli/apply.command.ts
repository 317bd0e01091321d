import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { EntityManager } from 'typeorm';
import type { Env } from '../../config/env.js';
import { readEnv } from '../../config/process-env.js';
import { InviteAgent } from '../agents/invite-agent.js';
import { ExtendWeeklySlots } from '../organizations/extend-weekly-slots.js';
import { Clock } from '../platform/clock.js';
import { type Applied, ApplyService } from './apply-service.js';
import { inTransaction } from './context.js';
import { CommandError, counted, report } from './output.js';
import { readServiceFile, type TypeOfFile } from './service-file.js';

export function applyCommand(): Command {
  return new Command('apply')
    .description(
      'create or correct organizations, links, places, agendas, weekly slots and agents from a YAML file',
    )
    .argument('<file>', 'see docs/service.example.yaml')
    .option('--json', 'report as one line of JSON')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const env = readEnv();
      const text = await readText(file);
      const applied = await inTransaction(env, (tx) => applyText(tx, env, text));
      report(json, applied, sentences(applied));
    });
}

/** @throws FileFaults or CommandError: nothing was changed then */
export async function applyText(
  tx: EntityManager,
  env: Pick<Env, 'PUBLIC_BASE_URL'>,
  text: string,
): Promise<Applied> {
  const types: TypeOfFile[] = await tx.query(
    'SELECT code, place_kind AS "placeKind" FROM appointment_type ORDER BY position',
  );
  const file = readServiceFile(text, types);
  return new ApplyService(tx, new InviteAgent(env as Env), new ExtendWeeklySlots(new Clock())).execute(file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandError(`${file} cannot be read`);
  }
}

function sentences({ created, updated, unchanged, slotsOpened, signInLinks }: Applied): string[] {
  const nothing = created + updated + slotsOpened === 0;
  return [
    nothing
      ? `Nothing to change: all ${unchanged} entries are there already.`
      : `${created} created, ${updated} corrected, ${unchanged} as they were; ${counted(slotsOpened, 'slot')} opened.`,
    ...(signInLinks.length > 0 ? ['One-time sign-in links, shown once, valid for seven days:'] : []),
    ...signInLinks.map(({ email, url }) => `${email}  ${url}`),
  ];
}
