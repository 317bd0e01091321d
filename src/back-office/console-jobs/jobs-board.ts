import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { ExpressAdapter as ExpressAdapterType } from '@bull-board/express';
import type { Queue } from 'bullmq';
import { Router } from 'express';
import { JobQueue, messagesIn } from '../../platform/queue.js';

export const BOARD_PATH = '/console/jobs';

const require = createRequire(import.meta.url);

/** bull-board over our queue, on either backend. Loaded at first use: who does not switch it on does not pay for it. */
@Injectable()
export class JobsBoard {
  private built: { readonly queue: Queue; readonly router: Promise<Router> } | undefined;

  constructor(private readonly queue: JobQueue) {}

  /** Serves everything below `BOARD_PATH`; only reads. */
  router(): Promise<Router> {
    const queue = this.queue.inspected();
    // A producer that lost its backend is replaced by another one.
    if (this.built?.queue !== queue) this.built = { queue, router: build(queue) };
    return this.built.router;
  }
}

async function build(queue: Queue): Promise<Router> {
  const { createBullBoard } = await import('@bull-board/api');
  const { BullMQAdapter } = await import('@bull-board/api/bullMQAdapter');
  const { ExpressAdapter } = await import('@bull-board/express');
  const ui = dirname(require.resolve('@bull-board/ui/package.json'));
  const page = entryPage(readFileSync(join(ui, 'dist/index.ejs'), 'utf8'));

  /** Their page has inline styles and asks another host for its letters: ours has neither. */
  class StrictAdapter extends ExpressAdapter {
    override setViewsPath(): this {
      return this;
    }

    override setEntryRoute({ route }: Parameters<ExpressAdapterType['setEntryRoute']>[0]): this {
      const config = JSON.stringify(this.uiConfig).replace(/</g, '\\u003c');
      this.app.get([route].flat(), (_request, response) => {
        response.type('html').send(page.replace('{config}', () => config));
      });
      return this;
    }
  }

  const adapter = new StrictAdapter();
  adapter.setBasePath(BOARD_PATH);
  const shown = new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false });
  // Ids and epochs, whatever a job of another release holds.
  shown.setFormatter('data', (data: unknown) => ({ messages: messagesIn(data) }));
  shown.setFormatter('returnValue', () => null);
  createBullBoard({
    queues: [shown],
    serverAdapter: adapter,
    options: { uiBasePath: ui, uiConfig: { boardTitle: 'File d’attente', locale: { lng: 'fr' } } },
  });
  return Router().use(BOARD_PATH, adapter.getRouter() as Router);
}

/** The same scripts and style sheets by the same names, and nothing inline but data. */
function entryPage(theirs: string): string {
  const tags = [
    ...[...theirs.matchAll(/"(static\/[^"]+\.css)"/g)].map(
      ([, file = '']) => `<link rel="stylesheet" href="${BOARD_PATH}/${file}">`,
    ),
    ...[...theirs.matchAll(/"(static\/[^"]+\.js)"/g)].map(
      ([, file = '']) => `<script defer src="${BOARD_PATH}/${file}"></script>`,
    ),
  ];
  return `<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><base href="${BOARD_PATH}/">
<title>File d’attente – Mon Suivi Justice</title>${tags.join('')}</head>
<body><script id="__UI_CONFIG__" type="application/json">{config}</script><div id="root"></div></body></html>`;
}
