const LOCAL_PATH = /^\/(?![/\\])[\w/?=&.-]{0,300}$/;

/** A page of ours to go back to, else the home page: nobody is sent elsewhere by a link. */
export function localPath(given: unknown): string {
  return typeof given === 'string' && LOCAL_PATH.test(given) ? given : '/';
}

/** The page a form was on, when the browser says so and it is one of ours; its query included. */
export function pageBefore(referer: string | undefined, host: string | undefined): string {
  if (referer === undefined || !URL.canParse(referer)) return '/';
  const { host: from, pathname, search } = new URL(referer);
  return from === host ? localPath(`${pathname}${search}`) : '/';
}
