import type { TrialBesidePlan } from '../../notifications/plans/trials-beside-plan.query.js';
import { NBSP } from '../../ui/typography.js';

/** Beside what a plan does: for whom it does not. */
export function TrialNote({ trials }: { readonly trials: readonly TrialBesidePlan[] }) {
  if (trials.length === 0) return null;
  return (
    <p>
      <Trials
        single="Essai en cours"
        many="Essais en cours"
        trials={trials.filter(({ isOver }) => !isOver)}
      />
      <Trials single="Essai terminé" many="Essais terminés" trials={trials.filter(({ isOver }) => isOver)} />
      Les convocations qui en font partie suivent les rappels de leur groupe, pas ceux de ce plan.
    </p>
  );
}

interface TrialsProps {
  readonly single: string;
  readonly many: string;
  readonly trials: readonly TrialBesidePlan[];
}

function Trials({ single, many, trials }: TrialsProps) {
  if (trials.length === 0) return null;
  return (
    <>
      {trials.length > 1 ? many : single}
      {NBSP}:{' '}
      {trials.map(({ id, name }, at) => (
        <>
          {at > 0 && ', '}
          <a href={`/trials/${id}`}>{name}</a>
        </>
      ))}
      .{' '}
    </>
  );
}
