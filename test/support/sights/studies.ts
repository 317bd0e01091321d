import type { Page } from 'playwright-core';
import type { BrowserWorld } from '../browser-world.js';
import { press, type Sight } from './sight.js';

export function trialSights(ids: Awaited<ReturnType<BrowserWorld['trials']>>): Sight[] {
  const admin = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: 'admin',
    ...more,
  });
  return [
    admin('trials', '/trials'),
    { ...admin('trials-none', '/trials'), role: 'dpip' },
    admin('trial-new', '/trials/new'),
    admin('trial-example', '/trials/new', { act: press('Remplir avec l’exemple J-1, J-2, J-4 et J-1') }),
    admin('trial-refused', '/trials/new', { act: press('Relire l’essai'), status: 400 }),
    admin('trial-wording', '/trials/new?by=wording'),
    admin('trial-draft', `/trials/${ids.draft}`),
    admin('trial-registered', `/trials/${ids.registered}`),
    admin('trial-overlap', `/trials/${ids.registered}`, { act: press('Commencer l’essai'), status: 400 }),
    admin('trial-running', `/trials/${ids.running}`),
    admin('trial-stop-refused', `/trials/${ids.running}`, { act: press('Arrêter l’essai'), status: 400 }),
    admin('trial-ended', `/trials/${ids.ended}`),
    admin('trial-leaning', `/trials/${ids.leaning}`),
  ];
}

/** The register, the counts of before, and the plan of a roll-out by steps. */
export function rolloutSights({ rollout, plan }: Record<'rollout' | 'plan', string>): Sight[] {
  const admin = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    ...{ name, path, role: 'admin' },
    ...more,
  });
  const paste = (table: string) => async (page: Page) => {
    await page.getByLabel('D’où viennent ces chiffres').fill('Tableau du secrétariat');
    await page.getByLabel('Ou collez le tableau ici').fill(table);
    await press('Vérifier sans enregistrer')(page);
  };
  const counts = 'mois;venues;manquées;excusées\n2024-03;142;61;9\n';
  return [
    admin('rollouts', '/rollouts'),
    admin('rollout-refused', '/rollouts', { act: press('Inscrire'), status: 400 }),
    admin('rollout-row', `/rollouts/row?rollout=${rollout}`),
    admin('rollout-row-refused', `/rollouts/row?rollout=${rollout}`, {
      act: press('Inscrire l’arrêt'),
      status: 400,
    }),
    admin('plan-of-rollouts', `/rollouts/planner/plan?plan=${plan}`),
    admin('target-refused', '/rollouts', { act: press('Fixer cet objectif'), status: 400 }),
    admin('baseline', '/rollouts/baseline'),
    admin('baseline-checked', '/rollouts/baseline', { act: paste(`${counts}2024-04;150;58;11\n`) }),
    admin('baseline-refused', '/rollouts/baseline', { act: paste(`${counts}2024-13;x;1;1\n`), status: 400 }),
    admin('planner', '/rollouts/planner'),
    admin('planner-drawn', '/rollouts/planner', {
      act: async (page) => {
        await page.getByRole('button', { name: 'Tirer au sort et calculer' }).press('Enter');
        await page.getByRole('heading', { name: 'Ordre tiré au sort' }).waitFor();
      },
    }),
  ];
}
