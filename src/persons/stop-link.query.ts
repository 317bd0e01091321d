/** Days after an appointment during which the link of a text about it still works. */
export const STOP_LINK_DAYS = 30;

/**
 * SQL condition on `l` (`stop_link`): it still works, also where the appointment has been moved to a later day since
 * the text left.
 */
export const LINK_WORKS = `
  (l.expires_at > app_now() OR EXISTS (
    SELECT FROM convocation told WHERE told.id = l.convocation_id
       AND told.starts_at > app_now() - interval '${STOP_LINK_DAYS} days'))`;
