export const ORGANIZATION_KINDS = ['spip', 'tj'] as const;
export type OrganizationKind = (typeof ORGANIZATION_KINDS)[number];

const EVERYWHERE = ['admin', 'local-admin'] as const;

/** Enforcement office and clerks who summon at the end of a hearing. */
export const BEX_ROLES = [
  'bex',
  'prosecutor',
  'bex-head-clerk',
  'criminal-clerk',
  'juvenile-clerk',
  'plea-clerk',
  'appeal-clerk',
] as const;

/** Sentence-enforcement judge and office. */
export const SAP_ROLES = ['jap', 'sap-secretary', 'sap-head-clerk', 'sap-clerk'] as const;

export const SPIP_ROLES = ['dpip', 'cpip', 'spip-secretary', 'educator', 'psychologist', 'overseer'] as const;

export const ROLES = [...EVERYWHERE, ...BEX_ROLES, ...SAP_ROLES, ...SPIP_ROLES] as const;
export type Role = (typeof ROLES)[number];

/** Roles an agent may hold in an organization of each kind. */
export const ROLES_BY_KIND: Readonly<Record<OrganizationKind, readonly Role[]>> = {
  spip: [...EVERYWHERE, ...SPIP_ROLES],
  tj: [...EVERYWHERE, ...BEX_ROLES, ...SAP_ROLES],
};
