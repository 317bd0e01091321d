import type { Role } from '../access/domain/roles.js';
import type { PageSession } from '../access/identification.port.js';
import type { Frame, NavItem } from '../ui/app-page.js';
import { ROLE_NAMES } from './role-names.js';
import { DAILY, roomsOf, SETTINGS } from './rooms.js';

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
