import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { type Sabotage, SABOTAGES } from './story/sabotage.js';
import { startDemo } from './supervisor/start-demo.js';
import { welcome } from './supervisor/welcome.js';

const HELP = `npm run demo -- [options]
  --port P          port of the service (3000)
  --data-dir DIR    where everything is kept (.data)
  --headless        play the whole story without a screen and judge it
  --sabotage WHAT   with --headless: break one thing (lose, double, early, wrong-zone, no-receipt)
  --help`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'data-dir': { type: 'string', default: '.data' },
      headless: { type: 'boolean', default: false },
      sabotage: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(HELP);
    return;
  }
  if (values.headless) {
    await play(values.sabotage);
    return;
  }
  await serve(portFrom(values.port ?? process.env['PORT'] ?? '3000'), values['data-dir']);
}

/** Ends with 0 when every promise was kept; the last line is the verdict. */
async function play(sabotage: string | undefined): Promise<void> {
  if (sabotage !== undefined && !isSabotage(sabotage))
    throw new Error(`--sabotage ${sabotage}: one of ${SABOTAGES.join(', ')} is expected`);
  const { playStory } = await import('./story/play-story.js');
  const verdict = await playStory(sabotage, say);
  say(JSON.stringify(verdict));
  process.exit(verdict.story === 'ok' ? 0 : 1);
}

function isSabotage(word: string): word is Sabotage {
  return SABOTAGES.some((known) => known === word);
}

/** Runs until it is told to stop. */
async function serve(port: number, directory: string): Promise<void> {
  const starting = startDemo({ port, directory, env: process.env, tell: say });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void stopOnce(starting));
  const demo = await starting;
  say(welcome(demo.file, directory));
  say(`ready ${demo.file.baseUrl}`);
}

let stopping: Promise<void> | undefined;

/** A second Ctrl-C while it stops changes nothing: it ends within seconds. */
function stopOnce(starting: ReturnType<typeof startDemo>): Promise<void> {
  stopping ??= starting.then((demo) => demo.stop()).then(() => process.exit(0));
  return stopping.catch(() => undefined);
}

function portFrom(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error(`--port ${text}: not a port`);
  return port;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
