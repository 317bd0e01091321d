/**
 * SQL, to be followed by the messages that will not leave: what they were to say for other appointments of the day
 * is planned again, each on its own; too late, the sweeper expires it and an agent is told.
 */
export const RELEASE_TOLD = `
  UPDATE message t SET state = 'planned', reason = NULL, told_by_message_id = NULL, settled_at = NULL,
         due_at = greatest(t.due_at, app_now()), updated_at = app_now()
   WHERE t.state = 'withdrawn' AND t.told_by_message_id IS NOT NULL AND t.told_by_message_id IN`;
