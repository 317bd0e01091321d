import type { Action } from '../../access/domain/rights-table.js';

export interface ConsoleRoom {
  readonly href: string;
  readonly label: string;
  readonly right: Action;
  readonly about: string;
}

/** In the order in which they are needed. */
export const CONSOLE_ROOMS: readonly ConsoleRoom[] = [
  {
    href: '/agents',
    label: 'Agents',
    right: 'agent.manage',
    about: 'Comptes, rôles, mutations, invitations de tous les services.',
  },
  {
    href: '/console/organizations',
    label: 'Services',
    right: 'organization.manage',
    about: 'SPIP et tribunaux\u00a0: fuseau, calendrier, liens, siège.',
  },
  {
    href: '/places',
    label: 'Lieux et agendas',
    right: 'place.manage',
    about: 'Où l’on convoque, et les agendas de chaque lieu.',
  },
  {
    href: '/console/types',
    label: 'Types de convocation',
    right: 'organization.manage',
    about: 'Ce que chaque type demande, et les rôles qui le prennent.',
  },
  {
    href: '/persons/search',
    label: 'Probationnaires',
    right: 'person.read',
    about: 'Chercher dans tous les services.',
  },
  {
    href: '/alerts',
    label: 'Annonces',
    right: 'alert.manage',
    about: 'Ce que les agents lisent en arrivant, par service et par rôle.',
  },
  {
    href: '/console/keys',
    label: 'Clés d’API',
    right: 'api-key.manage',
    about: 'Les logiciels qui appellent, leurs droits et leur dernier appel.',
  },
  {
    href: '/console/webhooks',
    label: 'Webhooks',
    right: 'webhook.manage',
    about: 'Les logiciels prévenus, et les appels à rejouer.',
  },
  {
    href: '/surety',
    label: 'Envois et retenue',
    right: 'sending.hold',
    about: 'Tout retenir, tout reprendre, et l’état de chaque opérateur.',
  },
  {
    href: '/console/jobs',
    label: 'File d’attente',
    right: 'job.inspect',
    about: 'Les tâches de la file, en lecture seule.',
  },
];
