import {
  type Action,
  ACTIONS,
  type Post,
  POSTS,
  type Relation,
  RELATIONS,
  TYPE_FAMILIES,
} from './rights-table.js';
import { relationsOf } from './rights.js';
import { ROLES } from './roles.js';

/** The six BEX roles other than the head clerk have the same rights: one column. */
const COLUMNS: readonly (readonly Post[])[] = [
  ['admin'],
  ['local-admin@tj'],
  ['local-admin@spip'],
  ['bex', 'prosecutor', 'criminal-clerk', 'juvenile-clerk', 'plea-clerk', 'appeal-clerk'],
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
  S: 'self',
};

/** Written by hand from the reference's matrix, a second time: the table cannot be its own witness. */
const EXPECTED = `
                          adm laT laS  bex  bxH  jap  sec  dgS  gSA  dpi  cpi  seS  edu  psy  ove
person.read               E   O   O    OLI  OLI  O    O    O    O    O    O    O    O    O    O
person.write              E   O   O    OLI  OLI  O    O    O    O    O    O    O    O    O    O
person.share              E   OL  OL   OL   OL   OL   OL   OL   OL   OL   OL   OL   OL   OL   OL
person.summon             E   OL  O    OLI  OLI  OL   OL   OL   OL   O    O    O    O    O    O
person.assign-self        -   -   O    -    -    -    -    -    -    O    O    -    -    -    -
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
slot.manage               E   O   O    -    O    O    O    O    O    O    -    O    -    -    O
slot.manage-any-type      E   O   O    -    O    O    O    O    O    O    -    O    -    -    -
organization.read         E   OLH OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH  OLH
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
profile.manage            S   S   S    S    S    S    S    S    S    S    S    S    S    S    S
agent.read                E   OH  OH   -    O    -    -    O    -    -    -    -    -    -    -
agent.manage              E   OH  OH   -    O    -    -    O    -    -    -    -    -    -    -
agent.change-address      E   -   -    -    -    -    -    -    -    -    -    -    -    -    -
agent.move                E   OH  OH   -    -    -    -    -    -    -    -    -    -    -    -
agent.reset-second-factor E   OH  OH   -    -    -    -    -    -    -    -    -    -    -    -
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

describe('the table of rights', () => {
  it('has exactly the actions written down a second time', () => {
    expect(expectedRows.map(([action]) => action)).toEqual(ACTIONS);
  });

  it('has one column for each role, two for the local administrator', () => {
    expect(COLUMNS.flat().toSorted()).toEqual([...POSTS].toSorted());
    expect(POSTS).toHaveLength(20);
    expect(new Set(POSTS).size).toBe(POSTS.length);
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

  it('says of each family of appointment types who sees it, and who records what became of it', () => {
    expect(TYPE_FAMILIES).toHaveLength(5);
    const ofFamilies = (subject: string) => TYPE_FAMILIES.map((family) => `${subject}.${family}`);
    expect(ACTIONS).toEqual(expect.arrayContaining([...ofFamilies('convocation'), ...ofFamilies('outcome')]));
    expect(new Set(TYPE_FAMILIES).size).toBe(5);
  });
});
