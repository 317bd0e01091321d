import type { Action } from '../access/domain/rights-table.js';
import { isAllowed } from '../access/domain/rights.js';
import type { Role } from '../access/domain/roles.js';
import type { NavItem } from '../ui/app-page.js';

export interface Room extends NavItem {
  /** Null: every agent. */
  readonly right: Action | null;
  /** Who has this right as well finds the way there from another room. */
  readonly unless?: Action;
}

/** Every day's rooms, in the header of every page. */
export const DAILY: readonly Room[] = [
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

export type Group = 'Service' | 'Messages' | 'Mesure' | 'Contrôle';

export interface SettingsRoom extends Room {
  readonly group: Group;
  readonly about: string;
}

/** What is set once and seldom touched: behind one entry. */
export const SETTINGS: readonly SettingsRoom[] = [
  {
    href: '/service',
    label: 'Mon service',
    group: 'Service',
    right: 'local-console.use',
    about: 'Ce qui attend une décision dans le service : invitations, départs, personnes sans référent.',
  },
  {
    href: '/agents',
    label: 'Agents',
    group: 'Service',
    right: 'agent.read',
    about: 'Inviter, changer un rôle, noter une absence ou un départ, muter.',
  },
  {
    href: '/places',
    label: 'Lieux',
    group: 'Service',
    right: 'place.manage',
    about: 'Adresses, contacts donnés dans les messages, agendas, jours de fermeture.',
  },
  {
    href: '/alerts',
    label: 'Alertes',
    group: 'Service',
    right: 'alert.manage',
    about: 'Quelques phrases en haut des pages des agents.',
  },
  {
    href: '/plans',
    label: 'Rappels',
    group: 'Messages',
    right: 'plan.manage',
    about:
      'Quels messages partent, combien de jours avant, à quelle heure, et les heures d’envoi du service.',
  },
  {
    href: '/messages',
    label: 'Textes',
    group: 'Messages',
    right: 'template.manage',
    about: 'Les textes, leurs variantes discrètes, leurs traductions et leur prix.',
  },
  {
    href: '/territories',
    label: 'Zones mal couvertes',
    group: 'Messages',
    right: 'territory.manage',
    about: 'Où le réseau manque : rappel plus tôt, validité plus longue chez l’opérateur.',
  },
  {
    href: '/rollouts',
    label: 'Mises en service',
    group: 'Mesure',
    right: 'rollout.manage',
    about: 'Dates de début, objectifs, chiffres d’avant, et plan de déploiement.',
  },
  {
    href: '/trials',
    label: 'Essais',
    group: 'Mesure',
    right: 'trial.manage',
    about: 'Comparer deux moments d’envoi ou deux textes, tirés au sort.',
  },
  {
    href: '/rights',
    label: 'Droits',
    group: 'Contrôle',
    right: 'rights.read',
    about: 'Qui peut faire quoi, rôle par rôle : la table que l’application elle-même suit.',
  },
  {
    href: '/certificates/check',
    label: 'Vérifier une attestation',
    group: 'Contrôle',
    right: 'rights.read',
    about: 'Sur la référence d’un papier\u00a0: ce qui a été délivré, et si ses données ont changé depuis.',
  },
  {
    href: '/console/keys',
    label: 'Clés d’API',
    group: 'Contrôle',
    right: 'api-key.manage',
    unless: 'console.use',
    about: 'Ce que d’autres logiciels peuvent lire ou écrire au nom du service.',
  },
  {
    href: '/console',
    label: 'Console',
    group: 'Contrôle',
    right: 'console.use',
    about: 'Services, types de rendez-vous, clés d’API, webhooks, files d’envoi.',
  },
];

/** Those of these rooms that this role may enter. */
export function roomsOf<R extends Room>(role: Role, rooms: readonly R[]): readonly R[] {
  return rooms.filter(
    ({ right, unless }) =>
      (right === null || isAllowed(role, right)) && (unless === undefined || !isAllowed(role, unless)),
  );
}
