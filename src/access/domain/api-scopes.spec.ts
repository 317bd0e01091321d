import { API_SCOPES, isApiScope, isInScope, scopeOf } from './api-scopes.js';
import { type Action, ACTIONS } from './rights-table.js';

/** All that a program may be allowed; a person does the rest. */
const FOR_PROGRAMS: Readonly<Record<string, readonly Action[]>> = {
  'persons:read': ['person.read'],
  'persons:write': ['person.write'],
  'convocations:read': ['convocation.read'],
  'convocations:write': ['convocation.book', 'convocation.change', 'attendance.record'],
  'services:read': ['agenda.read'],
  'slots:write': ['slot.manage'],
  'statistics:read': ['statistics.read'],
  tools: ['tools.use'],
};

describe('scopes of a key', () => {
  it('are a closed list', () => {
    expect([...API_SCOPES].toSorted()).toEqual(Object.keys(FOR_PROGRAMS).toSorted());
    expect(isApiScope('persons:read')).toBe(true);
    expect(isApiScope('persons:delete')).toBe(false);
    expect(isApiScope('')).toBe(false);
  });

  it.each(Object.entries(FOR_PROGRAMS))('%s opens what it names and nothing else', (scope, actions) => {
    if (!isApiScope(scope)) throw new Error(scope);
    expect(ACTIONS.filter((action) => isInScope([scope], action)).toSorted()).toEqual(actions.toSorted());
    for (const action of actions) expect(scopeOf(action)).toBe(scope);
  });

  it('may be none, or all of them, those to come included', () => {
    expect(ACTIONS.filter((action) => isInScope([], action))).toEqual([]);
    expect(ACTIONS.filter((action) => isInScope(null, action)).toSorted()).toEqual(
      Object.values(FOR_PROGRAMS).flat().toSorted(),
    );
  });

  it('never open what only a person does, whatever the key', () => {
    expect(scopeOf('contact.reveal')).toBeUndefined();
    expect(isInScope(null, 'contact.reveal')).toBe(false);
    expect(isInScope(API_SCOPES, 'console.use')).toBe(false);
  });
});
