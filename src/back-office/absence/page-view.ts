import type { Frame } from '../../ui/app-page.js';
import type { Problems } from '../../ui/forms.js';
import type { AbsenceFigures } from './absence.view.js';
import type { UnitCostForm } from './unit-cost-form.js';

/** The figures of a service, what surrounds them, and the form of its costs. */
export interface AbsenceView extends AbsenceFigures {
  readonly frame: Frame;
  /** What was typed, when it was refused. */
  readonly typedCosts: UnitCostForm | null;
  readonly problems: Problems;
  readonly wasSaved: boolean;
}
