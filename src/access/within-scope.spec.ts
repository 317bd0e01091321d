import { inScope, type Scope, STATISTICS, WORKER } from '../platform/scope.js';
import { reachesWithinScope, withinScope } from './within-scope.js';

const services = (...organizationIds: string[]): Scope => ({
  ...{ kind: 'services', everywhere: false, organizationIds },
});
const everywhere = { everywhere: true, organizationIds: [] };
const both = { everywhere: false, organizationIds: ['a', 'b'] };

describe('what an act with other eyes may reach', () => {
  it('is never more than the services of the transaction', () => {
    inScope(services('b', 'c'), () => {
      expect(withinScope(both)).toEqual({ everywhere: false, organizationIds: ['b'] });
      expect(withinScope(everywhere)).toEqual({ everywhere: false, organizationIds: ['b', 'c'] });
      expect(reachesWithinScope(everywhere, 'a')).toBe(false);
      expect(reachesWithinScope(both, 'b')).toBe(true);
    });
  });

  it('is all of it for a central administrator and for a worker', () => {
    for (const scope of [WORKER, { kind: 'services', everywhere: true, organizationIds: [] } as const])
      inScope(scope, () => {
        expect(withinScope(both)).toEqual(both);
        expect(reachesWithinScope(everywhere, 'a')).toBe(true);
      });
  });

  it('is nothing for statistics, and before the caller is known', () => {
    for (const scope of [STATISTICS, { kind: 'nobody' } as const])
      inScope(scope, () =>
        expect(withinScope(everywhere)).toEqual({ everywhere: false, organizationIds: [] }),
      );
  });
});
