import type { Page } from 'playwright-core';
import type { Role } from '../../../src/access/domain/roles.js';
import type { BrowserWorld } from '../browser-world.js';
import { press, type Sight } from './sight.js';

const tooLongANote = async (page: Page) => {
  const reachable = page
    .getByRole('article')
    .filter({ has: page.getByRole('button', { name: 'Joint', exact: true }) });
  const note = reachable.first().getByLabel('Note (facultative)');
  await note.evaluate((field) => field.removeAttribute('maxlength'));
  await note.fill('rappelée, sans réponse, '.repeat(13));
  await press('Joint')(page);
};

export function officeSights(world: BrowserWorld): Sight[] {
  const agent = (name: string, path: string, role: Role = 'cpip', status = 200): Sight => ({
    name,
    path,
    role,
    status,
  });
  const kept = `/agendas/${world.nanterre}`;
  return [
    agent('home', '/'),
    agent('home-court', '/', 'bex'),
    agent('home-director', '/', 'dpip'),
    agent('settings', '/settings', 'admin'),
    agent('tasks', '/tasks'),
    { ...agent('task-note-refused', '/tasks', 'cpip', 400), act: tooLongANote },
    agent('worklist', '/worklist?show=service'),
    agent('worklist-none', '/worklist?show=mine', 'bex'),
    agent('tasks-none', '/tasks?show=mine', 'bex'),
    agent('day', '/days/2026-06-12'),
    agent('day-empty', '/days/2026-06-20'),
    agent('unmarked', '/attention/unmarked'),
    agent('agendas', '/agendas'),
    agent('agendas-court', '/agendas', 'bex'),
    agent('agenda', kept, 'dpip'),
    agent('agenda-read-only', kept),
    { ...agent('agenda-refused', kept, 'dpip', 400), act: press('Ouvrir') },
    agent('absence', '/absence', 'dpip'),
    {
      ...agent('absence-costs-refused', '/absence', 'admin', 400),
      act: async (page) => {
        await page.getByText('Changer les coûts du service').press('Enter');
        await page.getByLabel('Une lettre (€)').fill('deux');
        await press('Enregistrer les coûts')(page);
        await page.getByRole('alert').waitFor();
      },
    },
    agent('absence-national', '/absence/national', 'admin'),
    agent('absence-national-own', '/absence/national', 'dpip'),
    agent('rights', '/rights', 'dpip'),
    agent('rights-of-one', '/rights?role=cpip', 'admin'),
    agent('absence-mine', '/absence/mine'),
    agent('absence-definitions', '/absence/definitions'),
    agent('forbidden', '/absence', 'cpip', 403),
  ];
}
