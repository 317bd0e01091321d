import { applicationCheck } from './application-check.js';
import { type Action, ACTIONS, type Post, POSTS } from './rights-table.js';
import {
  type Caller,
  holds,
  isAllowed,
  may,
  postOf,
  postsOf,
  reach,
  reaches,
  relationsOf,
  scopeOf,
  serviceSet,
  servicesMet,
} from './rights.js';

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
    expect(holds(caller('cpip'), 'person.share', 'linked')).toBe(true);
    expect(holds(caller('cpip'), 'person.summon', 'linked')).toBe(false);
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
    [
      'the same director, for what the service made elsewhere: asked of each row',
      caller('dpip', { headquartersOrganizationIds: ['antenna'], linkedOrganizationIds: ['linked-1'] }),
      'convocation.read',
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

  it.each<[string, Action, boolean]>([
    ['where seats are held for who leaves a hearing', 'agenda.read', true],
    ['whose persons are summoned here', 'convocation.read', true],
    ['no more than by name', 'attendance.record', false],
  ])('lets a judge meet the linked services %s', (_name, action, isMet) => {
    const judge = caller('jap', { organizationKind: 'tj' });
    const organizationIds = isMet ? ['mine', 'linked-1', 'linked-2'] : ['mine'];
    expect(servicesMet(judge, [action])).toEqual({ everywhere: false, organizationIds });
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

describe('with the application’s own check lifted, to test the wall in the database', () => {
  beforeEach(() => void (applicationCheck.isLifted = true));
  afterEach(() => void (applicationCheck.isLifted = false));

  it('everything is asked of the database, which still knows one set of services', () => {
    const cpip = caller('cpip');
    expect(may(cpip, 'console.use')).toBe(true);
    expect(holds(cpip, 'person.read', 'inter-ressort')).toBe(true);
    expect(reaches(cpip, 'person.read', 'elsewhere')).toBe(true);
    expect(serviceSet(cpip)).toEqual({ everywhere: false, organizationIds: ['mine'] });
  });

  it('the page for auditors and the menu still tell the table', () => {
    expect(isAllowed('cpip', 'console.use')).toBe(false);
    expect(relationsOf('cpip', 'person.read')).toEqual(['own']);
  });
});
