/**
 * Whether this process asks the table of rights at all. Always, but in the test that proves that PostgreSQL alone keeps
 * services apart: there the failpoint `no-application-check` (refused in production) makes every answer « everywhere ».
 */
export const applicationCheck = { isLifted: false };
