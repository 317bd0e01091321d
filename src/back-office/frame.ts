import type { Role } from '../access/domain/roles.js';
import { isAllowed } from '../access/domain/rights.js';
import type { PageSession } from '../access/identification.port.js';
import type { Frame, NavItem } from '../ui/app-page.js';

const ROLE_NAMES: Readonly<Record<Role, string>> = {
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

/** What surrounds every page of this agent: only what the role may open. */
export function frameOf(session: PageSession): Frame {
  const { actor, agentName, organizationName, csrfToken } = session;
  const absence: readonly NavItem[] = isAllowed(actor.role, 'statistics.read')
    ? [{ href: '/absence', label: 'Absence' }]
    : [];
  const plans: readonly NavItem[] = isAllowed(actor.role, 'plan.manage')
    ? [{ href: '/plans', label: 'Rappels' }]
    : [];
  const surety: readonly NavItem[] = isAllowed(actor.role, 'sending.read')
    ? [{ href: '/surety', label: 'Sûreté des envois' }]
    : [];
  const messages: readonly NavItem[] = isAllowed(actor.role, 'template.manage')
    ? [{ href: '/messages', label: 'Messages' }]
    : [];
  return {
    agentName,
    organizationName,
    csrfToken,
    roleName: ROLE_NAMES[actor.role],
    nav: [
      { href: '/', label: 'Accueil' },
      { href: '/tasks', label: 'À faire' },
      { href: '/persons/search', label: 'Probationnaires' },
      { href: '/agendas', label: 'Agendas' },
      ...absence,
      ...surety,
      ...plans,
      ...messages,
    ],
  };
}
