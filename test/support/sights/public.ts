import type { Page } from 'playwright-core';
import { choosePassword, press, type Sight, UNKNOWN } from './sight.js';

const signInWrongly = (email: string) => async (page: Page) => {
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByLabel('Mot de passe').fill('not the password');
  await press('Se connecter')(page);
};

async function tryTooOften(page: Page): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    await signInWrongly('too.often@example.test')(page);
    const isRefused = (await page.getByText(/patienter|Réessayez dans/).count()) > 0;
    if (isRefused) return;
  }
  throw new Error('twenty wrong passwords in a row, and still no wait');
}

interface Links {
  readonly stop: string;
  readonly welcome: string;
  readonly stoppedLink: string;
  readonly wrongLink: string;
}

export function publicSights({ stop, welcome, stoppedLink, wrongLink }: Links): Sight[] {
  const open = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: null,
    ...more,
  });
  return [
    open('sign-in', '/sign-in'),
    open('sign-in-refused', '/sign-in', { act: signInWrongly('cpip@example.test'), status: 401 }),
    open('welcome', welcome),
    open('welcome-refused', welcome, { act: choosePassword('court'), status: 400 }),
    open('welcome-unknown', `/welcome/${UNKNOWN}`, { status: 404 }),
    open('stop', stop),
    open('stop-done', stoppedLink, { act: pressUnlessDone }),
    open('wrong-person', `${stop}/wrong-person`),
    open('wrong-person-done', `${wrongLink}/wrong-person`, { act: confirmUnlessDone }),
    open('stop-unknown', `/s/${UNKNOWN}`, { status: 404 }),
    open('accessibility', '/accessibility'),
    open('privacy', '/privacy'),
    open('public-figures', '/chiffres'),
    open('too-many-tries', '/sign-in', { act: tryTooOften, status: 429 }),
  ];
}

async function confirmUnlessDone(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Je confirme, ce n’est pas moi' });
  if ((await button.count()) > 0) await button.click();
  await page.getByText('C’est noté, merci').waitFor();
}

async function pressUnlessDone(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Arrêter les SMS' });
  if ((await button.count()) > 0) await button.click();
  await page.getByText('Les SMS sont arrêtés').waitFor();
}
