import type { Role } from '../access/domain/roles.js';
import { type Action, isAllowed } from '../access/domain/rights.js';
import type { PageSession } from '../access/identification.port.js';
import type { Frame, NavItem } from '../ui/app-page.js';

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  admin: 'Administrateur central',
  'local-admin': 'Administrateur local',
  bex: 'Agent BEX',
  prosecutor: 'Magistrat du parquet',
  'bex-head-clerk': 'Directeur de greffe BEX',
  'criminal-clerk': 'Greffe correctionnel',
  'juvenile-clerk': 'Greffier TPE',
  'plea-clerk': 'Greffier CRPC',
  'appeal-clerk': 'Greffier CA',
  jap: 'JAP',
  'sap-secretary': 'Secrétariat SAP',
  'sap-head-clerk': 'Directeur de greffe SAP',
  'sap-clerk': 'Greffe SAP',
  dpip: 'DPIP',
  cpip: 'CPIP',
  'spip-secretary': 'Secrétariat SPIP',
  educator: 'Éducateur',
  psychologist: 'Psychologue',
  overseer: 'Surveillant',
};

interface Room extends NavItem {
  /** Null: every agent. */
  readonly right: Action | null;
  /** Who has this right as well finds the way there from another room. */
  readonly unless?: Action;
}

/** Every day's rooms, in the header of every page. */
const DAILY: readonly Room[] = [
  { href: '/', label: 'Accueil', right: null },
  { href: '/tasks', label: 'À faire', right: 'task.read' },
  { href: '/persons/search', label: 'Probationnaires', right: 'person.read' },
  { href: '/agendas', label: 'Agendas', right: 'agenda.read' },
  {
    href: '/absence',
    label: 'Absence',
    right: 'statistics.read',
    covers: ['/absence/national', '/absence/mine'],
  },
  { href: '/absence/mine', label: 'Mes suivis', right: 'caseload.read', unless: 'statistics.read' },
  { href: '/surety', label: 'Envois', right: 'sending.read' },
];

/** What is set once and seldom touched: behind one entry. */
export const SETTINGS: readonly (Room & { readonly about: string })[] = [
  {
    href: '/plans',
    label: 'Rappels',
    right: 'plan.manage',
    about:
      'Quels messages partent, combien de jours avant, à quelle heure, et les heures d’envoi du service.',
  },
  {
    href: '/messages',
    label: 'Messages',
    right: 'template.manage',
    about: 'Les textes, leurs variantes discrètes, leurs traductions et leur prix.',
  },
  {
    href: '/territories',
    label: 'Zones mal couvertes',
    right: 'territory.manage',
    about: 'Où le réseau manque\u00a0: rappel plus tôt, validité plus longue chez l’opérateur.',
  },
  {
    href: '/rollouts',
    label: 'Mises en service',
    right: 'rollout.manage',
    about: 'Dates de début, objectifs, chiffres d’avant, et plan de déploiement.',
  },
  {
    href: '/trials',
    label: 'Essais',
    right: 'trial.manage',
    about: 'Comparer deux moments d’envoi ou deux textes, tirés au sort.',
  },
];

/** What surrounds every page of this agent: only what the role may open. */
export function frameOf(session: PageSession): Frame {
  const { actor, agentName, organizationName, csrfToken, alerts, impersonation } = session;
  return {
    agentName,
    organizationName,
    csrfToken,
    roleName: ROLE_NAMES[actor.role],
    nav: navOf(actor.role),
    alerts,
    impersonation,
  };
}

function navOf(role: Role): readonly NavItem[] {
  const settings = roomsOf(role, SETTINGS);
  const entry = { href: '/settings', label: 'Réglages', covers: settings.map(({ href }) => href) };
  return [...roomsOf(role, DAILY), ...(settings.length === 0 ? [] : [entry])];
}

/** Those of these rooms that this role may enter. */
export function roomsOf<R extends Room>(role: Role, rooms: readonly R[]): readonly R[] {
  return rooms.filter(
    ({ right, unless }) =>
      (right === null || isAllowed(role, right)) && (unless === undefined || !isAllowed(role, unless)),
  );
}
