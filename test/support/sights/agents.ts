import type { Page } from 'playwright-core';
import { type BrowserWorld, PASSWORD } from '../browser-world.js';
import { press, type Sight } from './sight.js';

/** Colleagues, moves, alerts, the local console; at last somebody who meets the charter. */
export async function agentSights(world: BrowserWorld): Promise<Sight[]> {
  const { invited, active, gone, away, transfer } = await world.colleagues();
  const admin = (name: string, path: string, act?: string, status = 200): Sight => ({
    ...{ name, path, role: 'admin', status },
    ...(act === undefined ? {} : { act: press(act) }),
  });
  const newcomer = await world.newcomer();
  const check = (table: string) => async (page: Page) => {
    await page.getByLabel('Ou collez le tableau ici').fill(table);
    await press('Vérifier sans inviter')(page);
  };
  const file = 'nom;prénom;e-mail;rôle\nCaradec;Inès;ines@example.test;CPIP\n';
  return [
    admin('agents', '/agents'),
    admin('agents-none', '/agents?role=appeal-clerk'),
    admin('agent-new', '/agents/new'),
    admin('agent-new-refused', '/agents/new', 'Inviter', 400),
    admin('agent', `/agents/${active}`),
    admin('agent-invited', `/agents/${invited}`),
    admin('agent-gone', `/agents/${gone}`),
    admin('agent-away', `/agents/${away}`),
    admin('agent-journal', `/agents/${active}/journal`),
    admin('agent-edit', `/agents/${active}/edit`),
    admin('agent-leave', `/agents/${active}/leave`),
    admin('agent-leave-refused', `/agents/${active}/leave`, 'Enregistrer le départ', 400),
    admin('agent-transfer', `/agents/${active}/transfer`),
    admin('transfers', '/agents/transfers'),
    admin('transfer', `/agents/transfers/${transfer}`),
    admin('agents-import', '/agents/import'),
    { ...admin('agents-import-ready', '/agents/import'), act: check(file) },
    { ...admin('agents-import-refused', '/agents/import'), act: check(`${file};;x;roi\n`), status: 400 },
    admin('alerts', '/alerts'),
    admin('alerts-refused', '/alerts', 'Voir l’aperçu', 400),
    {
      ...admin('alerts-preview', '/alerts'),
      act: async (page) => {
        await page.getByLabel('Texte').fill('Nouvel agenda d’été.\nPensez à fermer vos créneaux.');
        await press('Voir l’aperçu')(page);
      },
    },
    admin('service', '/service'),
    { ...admin('account', '/account'), role: 'cpip' },
    {
      ...admin('account-refused', '/account', undefined, 400),
      role: 'cpip',
      act: async (page) => {
        await page.getByText('Noter une absence').click();
        await press('Noter l’absence')(page);
      },
    },
    { ...admin('charter', '/charter'), role: 'cpip' },
    {
      ...admin('charter-first', '/sign-in'),
      role: null,
      act: async (page) => {
        await page.getByLabel('Adresse e-mail').fill(newcomer);
        await page.getByLabel('Mot de passe').fill(PASSWORD);
        await press('Se connecter')(page);
        await page.getByRole('heading', { name: 'Avant de commencer' }).waitFor();
      },
    },
  ];
}
