import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { PATIENCE_MS } from './browser.js';

const SCREENSHOTS = join(__dirname, '../../artifacts/screenshots');

/** In CI, which keeps them for people to look at, or when asked: `SCREENSHOTS=all`. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (process.env['CI'] === 'true' || process.env['SCREENSHOTS'] === 'all') await takeScreenshot(page, name);
}

/** The whole page, in a file that is quick to write rather than small. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const picture = await capture(session);
  await session.detach();
  await mkdir(SCREENSHOTS, { recursive: true });
  await writeFile(join(SCREENSHOTS, `${name}.png`), picture);
}

/** On a busy machine Chromium has not drawn the page yet and refuses: one picture in five beside four busy loops. */
async function capture(session: CDPSession): Promise<Buffer> {
  const last = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await captureOnce(session);
    } catch (error) {
      if (!String(error).includes('Unable to capture screenshot') || Date.now() > last) throw error;
      await delay(100);
    }
  }
}

async function captureOnce(session: CDPSession): Promise<Buffer> {
  const { cssContentSize } = await session.send('Page.getLayoutMetrics');
  const { width, height } = cssContentSize;
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'png',
    optimizeForSpeed: true,
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width, height, scale: 1 },
  });
  return Buffer.from(data, 'base64');
}
