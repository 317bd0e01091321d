import type { Role } from '../access/domain/roles.js';
import type { PageSession } from '../access/identification.port.js';
import type { Frame, NavItem } from '../ui/app-page.js';
import { DAILY, roomsOf, SETTINGS } from './rooms.js';

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
