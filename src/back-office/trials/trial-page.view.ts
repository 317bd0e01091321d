import type { TrialEvent } from '../../notifications/trials/trial.queries.js';
import type { TrialReport } from '../../statistics/trials/read-trial.js';
import type { Frame } from '../../ui/app-page.js';
import type { Problems } from '../../ui/forms.js';

export interface TrialPageView extends TrialReport {
  readonly frame: Frame;
  readonly events: readonly (Omit<TrialEvent, 'at'> & { readonly on: string })[];
  readonly startedOn: string | null;
  readonly mayManage: boolean;
  /** As typed. */
  readonly reason: string;
  readonly done: string | null;
  /** What a stop that concerns many asked the workers to plan again: until it is finished, then once. */
  readonly replanned: readonly string[] | null;
  readonly problems: Problems;
}
