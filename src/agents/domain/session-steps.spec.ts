import { ROLES } from '../../access/domain/roles.js';
import { CHARTER_VERSION } from './charter.js';
import { mustHaveSecondFactor, pendingStepOf, type SessionState } from './session-steps.js';

const STATE: SessionState = {
  ...{ role: 'cpip', hasSecondFactor: false, showedSecondFactor: false },
  ...{ isDemo: false, charterVersion: CHARTER_VERSION },
};

describe('what a session owes', () => {
  it('is a second factor for administrators, and for whoever has one', () => {
    expect(ROLES.filter(mustHaveSecondFactor)).toEqual(['admin', 'local-admin']);
    expect(pendingStepOf(STATE)).toBeNull();
    expect(pendingStepOf({ ...STATE, hasSecondFactor: true })).toBe('second-factor');
    expect(pendingStepOf({ ...STATE, role: 'local-admin' })).toBe('second-factor');
  });

  it('is nothing more once it was shown', () => {
    expect(
      pendingStepOf({ ...STATE, role: 'admin', hasSecondFactor: true, showedSecondFactor: true }),
    ).toBeNull();
  });

  it('is announced, not enforced, in a demonstration; a factor that was set up is asked there too', () => {
    expect(pendingStepOf({ ...STATE, role: 'admin', isDemo: true })).toBeNull();
    expect(pendingStepOf({ ...STATE, hasSecondFactor: true, isDemo: true })).toBe('second-factor');
  });

  it('is the charter afterwards', () => {
    expect(pendingStepOf({ ...STATE, charterVersion: null })).toBe('charter');
    expect(pendingStepOf({ ...STATE, charterVersion: null, hasSecondFactor: true })).toBe('second-factor');
  });
});
