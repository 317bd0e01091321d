import type { TrialBesidePlan } from '../../notifications/plans/trials-beside-plan.query.js';
import { NBSP } from '../../ui/typography.js';

/** Beside what a plan does: for whom it does not. */
export function TrialNote({ trials }: { readonly trials: readonly TrialBesidePlan[] }) {
  if (trials.length === 0) return null;
  return (
    <p>
      Essai en cours{NBSP}:{' '}
      {trials.map(({ id, name }, at) => (
        <>
          {at > 0 && ', '}
          <a href={`/trials/${id}`}>{name}</a>
        </>
      ))}
      . Les convocations qui en font partie suivent les rappels de leur groupe, pas ceux de ce plan.
    </p>
  );
}
