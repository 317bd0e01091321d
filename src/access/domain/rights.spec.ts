import { BEX_ROLES, ROLES } from './roles.js';
import {
  type Action,
  ACTIONS,
  type Caller,
  holds,
  isAllowed,
  may,
  type Post,
  postOf,
  POSTS,
  postsOf,
  reach,
  reaches,
  type Relation,
  RELATIONS,
  relationsOf,
  scopeOf,
  serviceSet,
} from './rights.js';

/** The six BEX roles other than the head clerk have the same rights: one column. */
const COLUMNS: readonly (readonly Post[])[] = [
  ['admin'],
  ['local-admin@tj'],
  ['local-admin@spip'],
  BEX_ROLES.filter((role) => role !== 'bex-head-clerk'),
  ['bex-head-clerk'],
  ['jap'],
  ['sap-secretary'],
  ['sap-head-clerk'],
  ['sap-clerk'],
  ['dpip'],
  ['cpip'],
  ['spip-secretary'],
  ['educator'],
  ['psychologist'],
  ['overseer'],
];

const LETTERS: Readonly<Record<string, Relation>> = {
  E: 'everywhere',
  O: 'own',
  L: 'linked',
  X: 'linked-exits',
  P: 'person-linked',
  H: 'headquarters',
  I: 'inter-ressort',
  C: 'created-by-service',
  R: 'referent',
  S: 'self',
};

/** Written by hand from the reference's matrix, a second time: the table cannot be its own witness. */
const EXPECTED = `
                          adm laT laS  bex  bxH  jap  sec  dgS  gSA  dpi  cpi  seS  edu  psy  ove
person.read               E   O   O    OLI  OLI  O    O    O    O    O    O    O    O    O    O
person.write              E   O   O    OLI  OLI  O    O    O    O    O    O    O    O    O    O
person.archive            E   O   O    OLI  OLI  O    O    O    O    O    O    O    O    O    O
person.unarchive          E   O   O    OLI  OLI  O    O    -    O    O    O    O    -    -    O
person.delete             E   O   O    -    OLI  -    -    O    -    O    -    -    -    -    -
person.share              E   OL  OL   OL   OL   OL   OL   OL   OL   OL   OL   OL   OL   OL   OL
person.summon             E   OL  O    OLI  OLI  OL   OL   OL   OL   O    O    O    O    O    O
person.assign-self        -   -   O    -    -    -    -    -    -    O    O    -    -    -    -
person.unassign           -   -   O    -    -    -    -    -    -    O    R    -    -    -    -
contact.reveal            E   O   O    OLI  OLI  O    O    O    O    O    O    O    O    O    O
certificate.make          E   O   O    OLI  OLI  O    O    O    O    O    O    O    O    O    O
journal.read-person       E   OH  OH   -    -    -    -    -    -    OH   -    -    -    -    -
journal.read-agent        E   OH  OH   -    -    -    -    -    -    -    -    -    -    -    -
convocation.read          E   OCP OC   OCP  OCP  OCP  OCP  OCP  OCP  OC   OC   OC   OC   OC   OC
convocation.book          E   OX  O    OXI  OXI  OX   OX   OX   OX   O    O    O    O    O    O
convocation.change        E   OCP OC   OCP  OCP  OCP  OCP  OCP  OCP  OC   OC   OC   OC   OC   OC
convocation.reschedule    E   OC  OC   OC   OC   OC   OC   OC   OC   OC   OC   OC   OC   OC   OC
convocation.exit-sap      E   OCP OC   OCP  OCP  OCP  OCP  OCP  OCP  OC   OC   OC   OC   OC   OC
convocation.exit-spip     E   OCP OC   OCP  OCP  OCP  OCP  OCP  OCP  OC   OC   OC   OC   OC   OC
convocation.court         E   OCP OC   -    -    OCP  OCP  OCP  OCP  OC   OC   OC   OC   OC   OC
convocation.monitoring    E   OCP OC   -    -    OCP  OCP  OCP  OCP  OC   OC   OC   OC   OC   OC
convocation.spip          E   OC  OC   -    -    -    -    -    -    OC   OC   OC   OC   OC   OC
attendance.record         E   O   O    -    -    O    O    O    O    O    O    O    O    O    O
outcome.exit-sap          E   O   -    -    -    O    O    O    O    -    -    -    -    -    -
outcome.exit-spip         E   O   O    -    -    -    -    -    -    O    O    O    O    O    O
outcome.court             E   O   -    -    -    O    O    O    O    -    -    -    -    -    -
outcome.monitoring        E   O   O    -    -    O    O    O    O    O    O    O    O    O    O
outcome.spip              E   O   O    -    -    -    -    -    -    O    O    O    O    O    O
task.read                 E   O   O    O    O    O    O    O    O    O    O    O    O    O    O
task.close                E   O   O    O    O    O    O    O    O    O    O    O    O    O    O
caseload.read             E   O   O    O    O    O    O    O    O    O    O    O    O    O    O
agenda.read               E   OX  O    OXI  OXI  OX   OX   OX   OX   O    O    O    O    O    O
agenda.manage             E   O   O    -    -    -    -    -    O    -    -    -    -    -    -
place.manage              E   O   O    -    O    O    -    O    O    O    -    -    -    -    -
weekly-slot.manage        E   O   O    -    O    O    -    O    O    O    -    -    -    -    -
slot.manage               E   O   O    -    O    O    O    O    O    O    -    O    -    -    O
slot.manage-any-type      E   O   O    -    O    O    O    O    O    O    -    O    -    -    -
organization.read         E   OLH OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH
organization.edit         E   OH  OH   -    -    -    -    -    -    -    -    -    -    -    -
organization.manage       E   -   -    -    -    -    -    -    -    -    -    -    -    -    -
plan.manage               E   O   O    -    -    -    -    -    -    -    -    -    -    -    -
template.manage           E   O   O    -    -    -    -    -    -    -    -    -    -    -    -
territory.manage          E   -   -    -    -    -    -    -    -    -    -    -    -    -    -
sending.read              E   O   O    -    -    -    -    -    -    O    -    -    -    -    -
sending.hold              E   -   -    -    -    -    -    -    -    -    -    -    -    -    -
trial.manage              E   -   -    -    -    -    -    -    -    -    -    -    -    -    -
statistics.read           E   OH  OH   -    -    -    -    -    -    OH   -    -    -    -    -
statistics.national       E   OH  OH   -    -    -    -    -    -    OH   -    -    -    -    -
rollout.manage            E   O   O    -    -    -    -    -    -    -    -    -    -    -    -
export.make               E   OH  OH   -    -    -    -    -    -    OH   -    -    -    -    -
profile.manage            S   S   S    S    S    S    S    S    S    S    S    S    S    S    S
agent.read                E   OH  OH   -    O    -    -    O    -    -    -    -    -    -    -
agent.manage              E   OH  OH   -    O    -    -    O    -    -    -    -    -    -    -
agent.move                E   OH  OH   -    -    -    -    -    -    -    -    -    -    -    -
agent.switch-service      E   -   H    -    -    -    -    -    -    -    -    -    -    H    H
agent.impersonate         E   -   -    -    -    -    -    -    -    -    -    -    -    -    -
alert.manage              E   OH  OH   -    -    -    -    -    -    -    -    -    -    -    -
local-console.use         E   OH  OH   -    -    -    -    -    -    -    -    -    -    -    -
console.use               E   -   -    -    -    -    -    -    -    -    -    -    -    -    -
api-key.manage            E   O   O    -    -    -    -    -    -    -    -    -    -    -    -
webhook.manage            E   -   -    -    -    -    -    -    -    -    -    -    -    -    -
job.inspect               E   -   -    -    -    -    -    -    -    -    -    -    -    -    -
rights.read               E   O   O    -    -    -    -    -    -    O    -    -    -    -    -
tools.use                 E   O   O    O    O    O    O    O    O    O    O    O    O    O    O
`;

const expectedRows = EXPECTED.trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(/\s+/));

const caller = (post: Post, more: Partial<Caller> = {}): Caller => {
  const [role, kind = 'spip'] = post.split('@');
  return {
    role: role as Caller['role'],
    organizationKind: kind as Caller['organizationKind'],
    organizationId: 'mine',
    linkedOrganizationIds: ['linked-1', 'linked-2'],
    headquartersOrganizationIds: [],
    isInterRessort: false,
    ...more,
  };
};

describe('the table of rights', () => {
  it('has exactly the actions written down a second time', () => {
    expect(expectedRows.map(([action]) => action)).toEqual(ACTIONS);
  });

  it('has one column for each role, two for the local administrator', () => {
    expect(COLUMNS.flat().toSorted()).toEqual([...POSTS].toSorted());
    expect(POSTS).toHaveLength(20);
    expect([...new Set(POSTS.map((post) => post.split('@')[0]))].toSorted()).toEqual([...ROLES].toSorted());
  });

  it.each(expectedRows.map(([action, ...cells]) => [action, cells] as const))('%s', (action, cells) => {
    for (const [at, posts] of COLUMNS.entries())
      for (const post of posts) {
        const wanted = [...(cells[at] ?? '')].flatMap((letter) => LETTERS[letter] ?? []);
        const given = relationsOf(post, action as Action);
        expect([post, [...given].toSorted()]).toEqual([post, wanted.toSorted()]);
        expect(given).toEqual(RELATIONS.filter((relation) => given.includes(relation)));
      }
  });
});

describe('who may', () => {
  it('asks both kinds of local administrators when only the role is known', () => {
    expect(postsOf('local-admin')).toEqual(['local-admin@tj', 'local-admin@spip']);
    expect(postsOf('cpip')).toEqual(['cpip']);
    expect(isAllowed('local-admin', 'person.assign-self')).toBe(true);
    expect(isAllowed('cpip', 'statistics.read')).toBe(false);
    expect(isAllowed('dpip', 'statistics.read')).toBe(true);
  });

  it('knows the kind of service of a caller', () => {
    expect(postOf({ role: 'local-admin', organizationKind: 'tj' })).toBe('local-admin@tj');
    expect(postOf({ role: 'jap', organizationKind: 'tj' })).toBe('jap');
    expect(may(caller('local-admin@tj'), 'person.assign-self')).toBe(false);
    expect(may(caller('local-admin@spip'), 'person.assign-self')).toBe(true);
  });

  it('tells one relation from another', () => {
    expect(holds(caller('cpip'), 'person.unassign', 'referent')).toBe(true);
    expect(holds(caller('cpip'), 'person.unassign', 'own')).toBe(false);
  });
});

describe('how far', () => {
  it.each<[string, Caller, Action, { everywhere: boolean; organizationIds: string[] }]>([
    ['a central administrator', caller('admin'), 'person.read', { everywhere: true, organizationIds: [] }],
    [
      'an agent: the own service',
      caller('cpip'),
      'person.read',
      { everywhere: false, organizationIds: ['mine'] },
    ],
    [
      'the enforcement office: its jurisdiction',
      caller('bex'),
      'person.read',
      { everywhere: false, organizationIds: ['mine', 'linked-1', 'linked-2'] },
    ],
    [
      'the enforcement office of an inter-ressort service: France',
      caller('bex', { isInterRessort: true }),
      'person.read',
      { everywhere: true, organizationIds: ['mine', 'linked-1', 'linked-2'] },
    ],
    [
      'another role of that service: as elsewhere',
      caller('jap', { isInterRessort: true }),
      'person.read',
      { everywhere: false, organizationIds: ['mine'] },
    ],
    [
      'a director of a headquarters: the antennas, each once',
      caller('dpip', { headquartersOrganizationIds: ['mine', 'antenna'] }),
      'statistics.read',
      { everywhere: false, organizationIds: ['mine', 'antenna'] },
    ],
    [
      'the same director, for persons: the own service',
      caller('dpip', { headquartersOrganizationIds: ['mine', 'antenna'] }),
      'person.read',
      { everywhere: false, organizationIds: ['mine'] },
    ],
    ['who may not', caller('cpip'), 'statistics.read', { everywhere: false, organizationIds: [] }],
    ['a relation of rows only', caller('cpip'), 'profile.manage', { everywhere: false, organizationIds: [] }],
  ])('%s', (_name, who, action, expected) => {
    expect(reach(who, action)).toEqual(expected);
    expect(scopeOf(who, action)).toEqual([expected.everywhere, expected.organizationIds]);
    expect(reaches(who, action, 'nowhere')).toBe(expected.everywhere);
    for (const id of expected.organizationIds) expect(reaches(who, action, id)).toBe(true);
  });

  it('gives the wall in the database every service whose data may be met, and no name-only one', () => {
    expect(serviceSet(caller('cpip'))).toEqual({ everywhere: false, organizationIds: ['mine'] });
    expect(serviceSet(caller('jap', { organizationKind: 'tj' }))).toEqual({
      everywhere: false,
      organizationIds: ['mine', 'linked-1', 'linked-2'],
    });
    expect(serviceSet(caller('admin')).everywhere).toBe(true);
    expect(serviceSet(caller('bex', { isInterRessort: true })).everywhere).toBe(true);
    const director = caller('dpip', { headquartersOrganizationIds: ['antenna'] });
    expect(serviceSet(director)).toEqual({ everywhere: false, organizationIds: ['mine', 'antenna'] });
  });

  it('lets nobody reach further than the wall', () => {
    for (const post of POSTS)
      for (const action of ACTIONS) {
        const who = caller(post, { headquartersOrganizationIds: ['antenna'] });
        const set = serviceSet(who);
        if (action === 'organization.read' || action === 'person.share' || set.everywhere) continue;
        expect(set.organizationIds).toEqual(expect.arrayContaining([...reach(who, action).organizationIds]));
        expect(reach(who, action).everywhere).toBe(false);
      }
  });
});
