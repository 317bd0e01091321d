import type { Role } from '../access/domain/roles.js';

/** What a role is called on every screen, in imported files and in exports. */
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
