import { BEX_ROLES, ORGANIZATION_KINDS, ROLES, ROLES_BY_KIND, SAP_ROLES, SPIP_ROLES } from './roles.js';

/** As the contract and the database spell them. */
const ENFORCEMENT = [
  'bex',
  'prosecutor',
  'bex-head-clerk',
  'criminal-clerk',
  'juvenile-clerk',
  'plea-clerk',
  'appeal-clerk',
];
const SENTENCES = ['jap', 'sap-secretary', 'sap-head-clerk', 'sap-clerk'];
const PROBATION = ['dpip', 'cpip', 'spip-secretary', 'educator', 'psychologist', 'overseer'];
const ADMINISTRATORS = ['admin', 'local-admin'];

describe('roles', () => {
  it('are the nineteen of the contract, by the office that has them', () => {
    expect(ORGANIZATION_KINDS).toEqual(['spip', 'tj']);
    expect(BEX_ROLES).toEqual(ENFORCEMENT);
    expect(SAP_ROLES).toEqual(SENTENCES);
    expect(SPIP_ROLES).toEqual(PROBATION);
    expect(ROLES).toHaveLength(19);
    expect([...ROLES].toSorted()).toEqual(
      [...ADMINISTRATORS, ...ENFORCEMENT, ...SENTENCES, ...PROBATION].toSorted(),
    );
  });

  it('of a court are given at a court only, those of a probation service there only', () => {
    expect([...ROLES_BY_KIND.tj].toSorted()).toEqual(
      [...ADMINISTRATORS, ...ENFORCEMENT, ...SENTENCES].toSorted(),
    );
    expect([...ROLES_BY_KIND.spip].toSorted()).toEqual([...ADMINISTRATORS, ...PROBATION].toSorted());
  });
});
