import type { Page } from 'playwright-core';
import { PASSWORD } from '../browser-world.js';
import { choosePassword, press, type Sight, UNKNOWN } from './sight.js';

/** The second half of a sign-in is last: it leaves its session in the browser. */
export function signInSights(reset: string, guarded: string): Sight[] {
  const open = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    ...{ name, path, role: null },
    ...more,
  });
  const passwordOf = (email: string) => async (page: Page) => {
    if (!page.url().includes('/sign-in')) return;
    await page.getByLabel('Adresse e-mail').fill(email);
    await page.getByLabel('Mot de passe').fill(PASSWORD);
    await press('Se connecter')(page);
    await page.getByRole('heading', { name: 'Seconde vérification' }).waitFor();
  };
  return [
    open('forgotten', '/sign-in/forgotten'),
    open('reset', reset),
    open('reset-refused', reset, { act: choosePassword('court'), status: 400 }),
    open('reset-unknown', `/sign-in/reset/${UNKNOWN}`, { status: 404 }),
    open('second-factor', '/sign-in/second-factor', { act: passwordOf(guarded) }),
    open('second-factor-refused', '/sign-in/second-factor', {
      act: async (page) => {
        await page.getByLabel('Code à 6 chiffres').fill('000000');
        await press('Valider')(page);
      },
      status: 401,
    }),
  ];
}

export function accountSights(): Sight[] {
  const agent = (name: string, path: string, act?: string, status = 200): Sight => ({
    ...{ name, path, role: 'cpip', status },
    ...(act === undefined ? {} : { act: press(act) }),
  });
  return [
    agent('security', '/account/security'),
    agent('sessions', '/account/sessions'),
    agent('authenticator', '/account/security/authenticator'),
    agent('authenticator-refused', '/account/security/authenticator', 'Confirmer', 400),
    agent('password', '/account/password'),
    agent('password-refused', '/account/password', 'Changer', 400),
    agent('confirm', '/account/confirm'),
    agent('confirm-refused', '/account/confirm', 'Confirmer', 401),
  ];
}
