import type { Page } from 'playwright-core';
import type { Role } from '../../../src/access/domain/roles.js';
import { follow } from '../browser.js';

/** One state of one page, as one role meets it. */
export interface Sight {
  /** Of the screenshot. */
  readonly name: string;
  readonly path: string;
  /** Null: nobody signed in. */
  readonly role: Role | null;
  /** What to do on the page before looking. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** Of the last answer; 200 when nothing is said. */
  readonly status?: number;
}

export const UNKNOWN = 'u'.repeat(22);

/**
 * The button of the content; by keyboard, because a bar that sticks to the window may lie over it. The browser's own
 * checks are left out: the server's refusal is what is looked at.
 */
export const press = (name: string) => async (page: Page) => {
  const button = page.locator('main').getByRole('button', { name, exact: true }).first();
  await button.evaluate((element) => element.closest('form')?.setAttribute('novalidate', ''));
  await follow(page, () => button.press('Enter'));
};

export const choosePassword = (password: string) => async (page: Page) => {
  for (const field of await page.locator('input[type=password]').all()) {
    await field.evaluate((element) => element.removeAttribute('minlength'));
    await field.fill(password);
  }
  await follow(page, () => page.locator('main button').first().press('Enter'));
  await page.getByRole('alert').waitFor();
};
