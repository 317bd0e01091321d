import type { Page } from 'playwright-core';
import { settled } from '../browser.js';
import { press, type Sight } from './sight.js';

export function personSights({ awa, stopped, wrong }: Record<'awa' | 'stopped' | 'wrong', string>): Sight[] {
  const agent = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: 'cpip',
    ...more,
  });
  const search = (text: string) => async (page: Page) => {
    await page.getByLabel('Chercher un probationnaire').last().fill(text);
    await press('Chercher')(page);
  };
  return [
    agent('search', '/persons/search'),
    agent('search-found', '/persons/search', { act: search('kermadec') }),
    agent('search-nothing', '/persons/search', { act: search('zzyzx') }),
    agent('new-person', '/persons/new'),
    agent('new-person-refused', '/persons/new', { act: press('Enregistrer et convoquer'), status: 400 }),
    agent('person', `/persons/${awa}`),
    agent('person-stopped', `/persons/${stopped}`),
    agent('person-blocked', `/persons/${wrong}`),
    agent('resume-messages', `/persons/${stopped}/resume-messages`),
    agent('resume-messages-refused', `/persons/${stopped}/resume-messages`, {
      act: press('Reprendre les SMS'),
      status: 400,
    }),
    agent('edit-person-stopped', `/persons/${stopped}/edit`),
    agent('edit-person', `/persons/${awa}/edit`),
    agent('person-journal', `/persons/${awa}/journal`, { role: 'dpip' }),
    agent('certificate', `/persons/${awa}/certificate`),
    agent('certificate-check', '/certificates/check'),
    agent('certificate-check-unknown', '/certificates/check', { act: checkCode('7K3M-9QX2-A0VB-4C5D') }),
    agent('certificate-check-refused', '/certificates/check', { act: checkCode('7K3M'), status: 400 }),
    agent('not-found', '/nothing-here', { status: 404 }),
  ];
}

const checkCode = (code: string) => async (page: Page) => {
  await page.getByLabel('Référence').fill(code);
  await press('Vérifier')(page);
};

export function convocationSights(ids: Record<'awa' | 'morning' | 'evening', string>): Sight[] {
  const agent = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: 'cpip',
    ...more,
  });
  const book = async (page: Page) => {
    const texts = page.waitForResponse((answer) => answer.url().endsWith('/preview'));
    await page.getByRole('radio', { name: 'Date et heure libres' }).check();
    await texts;
    await settled(page);
  };
  return [
    agent('booking', `/persons/${ids.awa}/convoke`),
    agent('booking-refused', `/persons/${ids.awa}/convoke`, {
      act: async (page) => {
        await book(page);
        await press('Convoquer')(page);
        await page.getByRole('alert').waitFor();
      },
      status: 400,
    }),
    agent('convocation-past', `/convocations/${ids.morning}`),
    agent('convocation-coming', `/convocations/${ids.evening}`),
    agent('reschedule', `/convocations/${ids.evening}/reschedule`),
  ];
}
