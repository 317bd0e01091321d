/** SQL condition: an operator of ours, a restored backup or a wrong environment holds every message back. */
export const IS_HELD = 'EXISTS (SELECT FROM sending_hold WHERE released_at IS NULL)';
