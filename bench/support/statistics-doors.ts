import { anApiKey, aSignedInAgent } from '../../test/support/builders.js';
import type { Rig } from './rig.js';
import type { StatisticsWorld } from './statistics-world.js';

/** One page or route under measure. */
export interface Door {
  readonly name: string;
  request(turn: number): { readonly path: string; readonly headers: Record<string, string> };
}

/** What a director and an administrator open, each time of another service where there is a choice. */
export async function doorsOf(rig: Rig, { services }: StatisticsWorld): Promise<readonly Door[]> {
  const [organizationId = ''] = services;
  const director = await aSignedInAgent(rig.dataSource, { organizationId, role: 'dpip' });
  const admin = await aSignedInAgent(rig.dataSource, { organizationId, role: 'admin' });
  const key = await anApiKey(rig.dataSource, { organizationId, role: 'admin' });
  const service = (turn: number) => services[turn % services.length] ?? '';
  const interfaceRoute = (groupBy: string): Door => ({
    name: `GET /api/v1/statistics/attendance by ${groupBy}`,
    request: (turn) => ({
      path: `/api/v1/statistics/attendance?organizationId=${service(turn)}&groupBy=${groupBy}`,
      headers: { authorization: `Bearer ${key}` },
    }),
  });
  const page = (name: string, cookie: string, path: (turn: number) => string): Door => ({
    name,
    request: (turn) => ({ path: path(turn), headers: { cookie } }),
  });
  return [
    interfaceRoute('month'),
    interfaceRoute('type'),
    page('/absence of a director', director.cookie, () => '/absence'),
    page('/absence of each service', admin.cookie, (turn) => `/absence?service=${service(turn)}`),
  ];
}
