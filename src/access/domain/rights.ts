import { applicationCheck } from './application-check.js';
import {
  type Action,
  ACTIONS,
  type Grant,
  LOCAL,
  type Post,
  type Relation,
  RELATIONS,
  RIGHTS,
} from './rights-table.js';
import type { OrganizationKind, Role } from './roles.js';

/** One cell of the table, in the order of `RELATIONS`; empty: refused. */
export function relationsOf(post: Post, action: Action): readonly Relation[] {
  const grants: readonly Grant[] = RIGHTS[action];
  const given = grants.filter(([posts]) => posts.includes(post)).flatMap(([, ...relations]) => relations);
  return RELATIONS.filter((relation) => given.includes(relation));
}

/** The columns a role stands for: two for a local administrator. */
export function postsOf(role: Role): readonly Post[] {
  return role === 'local-admin' ? LOCAL : [role];
}

/** True when the role may do it somewhere; the object asked for narrows it further. */
export function isAllowed(role: Role, action: Action): boolean {
  return postsOf(role).some((post) => relationsOf(post, action).length > 0);
}

/** What the table asks of a caller. */
export interface Caller {
  readonly role: Role;
  readonly organizationId: string;
  readonly organizationKind: OrganizationKind;
  readonly linkedOrganizationIds: readonly string[];
  readonly headquartersOrganizationIds: readonly string[];
  readonly isInterRessort: boolean;
}

export function postOf({ role, organizationKind }: Pick<Caller, 'role' | 'organizationKind'>): Post {
  return role === 'local-admin' ? `local-admin@${organizationKind}` : role;
}

function given(caller: Caller, action: Action): readonly Relation[] {
  return applicationCheck.isLifted ? RELATIONS : relationsOf(postOf(caller), action);
}

/** True when this very caller may do it somewhere: what the guard asks. */
export function may(caller: Caller, action: Action): boolean {
  return given(caller, action).length > 0;
}

/** True when the table gives this caller the relation for the action. */
export function holds(caller: Caller, action: Action, relation: Relation): boolean {
  return given(caller, action).includes(relation);
}

/** Services whose objects a caller may touch. */
export interface Reach {
  readonly everywhere: boolean;
  /** Without repetition; empty: none. Of no use when `everywhere`. */
  readonly organizationIds: readonly string[];
}

/** Of which services the caller may do it, as far as the service decides; row relations are asked by `holds`. */
export function reach(caller: Caller, action: Action): Reach {
  return reachOf(caller, given(caller, action));
}

function reachOf(caller: Caller, relations: readonly Relation[]): Reach {
  const everywhere =
    relations.includes('everywhere') || (relations.includes('inter-ressort') && caller.isInterRessort);
  return { everywhere, organizationIds: [...new Set(relations.flatMap((one) => servicesOf(caller, one)))] };
}

function servicesOf(caller: Caller, relation: Relation): readonly string[] {
  if (relation === 'own') return [caller.organizationId];
  if (relation === 'linked') return caller.linkedOrganizationIds;
  if (relation === 'headquarters') return caller.headquartersOrganizationIds;
  return [];
}

/** The two parameters of a scope in SQL: `$1::boolean OR … = ANY($2::uuid[])`. */
export function scopeOf(
  caller: Caller,
  action: Action,
): [everywhere: boolean, organizationIds: readonly string[]] {
  const { everywhere, organizationIds } = reach(caller, action);
  return [everywhere, organizationIds];
}

/** True when the caller may do it to what belongs to this service. */
export function reaches(caller: Caller, action: Action, organizationId: string): boolean {
  const { everywhere, organizationIds } = reach(caller, action);
  return everywhere || organizationIds.includes(organizationId);
}

/** Only a service's name and kind are seen through these. */
const NAMES_ONLY: readonly Action[] = ['organization.read', 'person.share'];
/** Rows of linked services are met through these, one by one. */
const ROWS_OF_LINKED: readonly Relation[] = ['linked-exits', 'person-linked'];

/**
 * Every service some of whose data the caller may meet, by any action and any relation: what the wall in the
 * database lets through. Never narrower than a query of the application, and no finer; the failpoint changes nothing here.
 */
export function serviceSet(caller: Caller): Reach {
  return servicesMet(
    caller,
    ACTIONS.filter((action) => !NAMES_ONLY.includes(action)),
  );
}

/** The services of the data that these actions may meet. */
export function servicesMet(caller: Caller, actions: readonly Action[]): Reach {
  const relations = actions.flatMap((action) => relationsOf(postOf(caller), action));
  return reachOf(
    caller,
    relations.map((relation) => (ROWS_OF_LINKED.includes(relation) ? 'linked' : relation)),
  );
}
