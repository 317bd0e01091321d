import { isPutOffAtMost, LONGEST_WAIT_DAYS } from './surety-now.query.js';

/** SQL, after FROM: `clock` and what waits though its hour has come, `m`, with its convocation `c` and person `p`. */
export const IS_DUE_FROM = `clock
  JOIN message m ON m.state IN ('planned', 'queued') AND m.first_due_at <= (SELECT now FROM clock)
   AND m.first_due_at > (SELECT now FROM clock) - interval '${LONGEST_WAIT_DAYS} days'
   AND ${isPutOffAtMost('m.', '(SELECT now FROM clock)')}
  JOIN convocation c ON c.id = m.convocation_id
  JOIN person p ON p.id = c.person_id`;
