/** What a route is, as far as acting under another name goes. */
export interface AskedRoute {
  readonly method: string;
  readonly path: string;
  /** The route gives a file to take away. */
  readonly isExport: boolean;
}

/** The account of the other: password, second factor, sessions, keys, charter, profile. */
const OWN_ACCOUNT = /^\/(account|charter)(\/|$)/;

/** Who acts under another name sees what the other sees, takes nothing away, and leaves the other's account alone. */
export function mayUnderAnotherName({ method, path, isExport }: AskedRoute): boolean {
  if (isExport) return false;
  return !OWN_ACCOUNT.test(path) || (method === 'GET' && (path === '/account' || path === '/charter'));
}
