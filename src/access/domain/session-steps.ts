/** What an agent who signed in must still do, in this order, and the page where it is done. */
export const STEP_PAGES = {
  'second-factor': '/sign-in/second-factor',
  charter: '/charter',
} as const;

export type SessionStep = keyof typeof STEP_PAGES;
