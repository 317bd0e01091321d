import type { DataSource } from 'typeorm';
import { BEX_ROLES, type Role, SAP_ROLES, SPIP_ROLES } from '../../src/access/domain/roles.js';
import { anApiKey, aSignedInAgent, type SignedIn } from '../support/builders.js';
import { absencesOf } from './things.js';
import type { HomeName, World } from './world.js';

export const FAMILIES = ['admin', 'local-tj', 'local-spip', 'bex', 'sap', 'spip'] as const;
export type Family = (typeof FAMILIES)[number];

/** Who asks. `nobody`: must be sent to the sign-in whatever the route. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  readonly family: Family | 'nobody';
  readonly home: HomeName;
  readonly isInterRessort: boolean;
  /** Looks after the antennas of a headquarters: S and S2. */
  readonly isAttached: boolean;
  /** Uses up its own of what an act uses up. */
  readonly at: number;
  /** An absence of the caller; empty for nobody. */
  readonly absence: string;
  readonly agentId: string | null;
  readonly cookie: string;
  readonly csrfToken: string;
  /** Empty: none. */
  readonly apiKey: string;
}

const POSTS: readonly (readonly [role: Role, family: Family, home: HomeName])[] = [
  ['admin', 'admin', 'S'],
  ['local-admin', 'local-tj', 'T'],
  ['local-admin', 'local-spip', 'S'],
  ...BEX_ROLES.map((role) => [role, 'bex', 'T'] as const),
  ...SAP_ROLES.map((role) => [role, 'sap', 'T'] as const),
  ...SPIP_ROLES.map((role) => [role, 'spip', 'S'] as const),
];

export async function buildCallers(dataSource: DataSource, world: World): Promise<readonly Caller[]> {
  const callers: Caller[] = [];
  for (const [role, family, home] of POSTS)
    callers.push(await caller(dataSource, world, { role, family, home }));
  for (const role of ['dpip', 'local-admin', 'psychologist', 'overseer'] as const)
    callers.push(
      await caller(dataSource, world, {
        ...{ role, family: role === 'local-admin' ? 'local-spip' : 'spip', home: 'S' },
        ...{ name: `${role} of a headquarters`, isAttached: true },
      }),
    );
  const interRessort = await caller(dataSource, world, {
    ...{ role: 'bex', family: 'bex', home: 'TI', name: 'bex inter-ressort', isInterRessort: true },
  });
  const all = [...callers, interRessort, ...(await strangers(dataSource, world))];
  return all.map((one, at) => ({ ...one, at }));
}

interface Wished {
  readonly role: Role;
  readonly family: Family | 'nobody';
  readonly home: HomeName;
  readonly name?: string;
  readonly isAttached?: boolean;
  readonly isInterRessort?: boolean;
}

async function caller(dataSource: DataSource, world: World, wished: Wished): Promise<Caller> {
  const { organizationId } = world[wished.home];
  const { role } = wished;
  const signedIn = await anAgentOf(dataSource, world, wished);
  const [absence = ''] = await absencesOf(dataSource, signedIn.agentId, world[wished.home].things.mover, 1);
  return {
    ...{ ...signedIn, isAttached: false, isInterRessort: false, at: 0, absence },
    ...{ name: `${role} ${wished.home}`, ...wished },
    apiKey: wished.isAttached === true ? '' : await anApiKey(dataSource, { organizationId, role }),
  };
}

async function anAgentOf(
  dataSource: DataSource,
  world: World,
  { home, role, isAttached = false }: Pick<Wished, 'home' | 'role' | 'isAttached'>,
): Promise<SignedIn> {
  const signedIn = await aSignedInAgent(dataSource, { organizationId: world[home].organizationId, role });
  if (isAttached)
    await dataSource.query('UPDATE agent SET headquarters_id = $2 WHERE id = $1', [
      signedIn.agentId,
      world.headquartersId,
    ]);
  return signedIn;
}

/** Somebody else in the same place, who may lose the session or the service; nobody stays nobody. */
export async function twinOf(dataSource: DataSource, world: World, caller: Caller): Promise<Caller> {
  return caller.family === 'nobody' ? caller : { ...caller, ...(await anAgentOf(dataSource, world, caller)) };
}

/** Nobody signed in, somebody who left, a session of yesterday, a key taken back. */
async function strangers(dataSource: DataSource, world: World): Promise<readonly Caller[]> {
  const wished = { role: 'cpip', family: 'nobody', home: 'S' } as const;
  const gone = await caller(dataSource, world, { ...wished, name: 'disabled agent, revoked key' });
  await dataSource.query('UPDATE agent SET disabled_at = app_now() WHERE id = $1', [gone.agentId]);
  const late = await caller(dataSource, world, { ...wished, name: 'expired session' });
  await dataSource.query(
    `UPDATE session SET created_at = app_now() - interval '13 hours', last_seen_at = app_now() - interval '2 hours'
     WHERE agent_id = $1`,
    [late.agentId],
  );
  await dataSource.query(
    `UPDATE api_key SET revoked_at = app_now() WHERE id = (SELECT id FROM api_key ORDER BY created_at DESC LIMIT 1)`,
  );
  const anonymous = { ...gone, name: 'anonymous', agentId: null, cookie: '', csrfToken: '', apiKey: '' };
  return [anonymous, { ...gone, apiKey: 'x'.repeat(40) }, { ...late, apiKey: late.apiKey }];
}
