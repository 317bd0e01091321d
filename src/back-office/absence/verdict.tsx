import { decimal, NBSP, percent, plural, thousands } from '../../ui/typography.js';
import { points, shownDifference, signed } from './absence-words.js';
import type { AbsenceFigures } from './absence.view.js';

/** The answer first: the figure, its interval, and what it does not prove. */
export function Verdict(view: AbsenceFigures) {
  return (
    <section aria-label="En une phrase">
      <p class="verdict">
        <Comparison {...view} />
      </p>
      <p class="muted">
        <Counts {...view} />
      </p>
    </section>
  );
}

function Comparison({ impact, months }: AbsenceFigures) {
  if (impact?.naive.kind === 'estimate') {
    const { before, after, low, high } = impact.naive;
    return (
      <>
        Depuis la mise en service, <strong>{percent(after.value)} des convocations sont manquées</strong>,
        contre {percent(before.value)} avant&nbsp;:{' '}
        <strong>{points(shownDifference(after.value, before.value))}</strong>, entre {signed(low)} et{' '}
        {signed(high)} (intervalle à 95&nbsp;%). <Limit impact={impact} />
      </>
    );
  }
  const known = months.reduce((sum, month) => sum + month.known, 0);
  if (known === 0) return <>Aucune issue n’est connue sur la période.</>;
  const missed = months.reduce((sum, month) => sum + month.missed, 0);
  return (
    <>
      <strong>{percent(missed / known)} des convocations sont manquées</strong> sur la période.{' '}
      {impact?.naive.reason}
    </>
  );
}

/** What the comparison does not prove, and what the better method says or why it says nothing. */
function Limit({ impact }: { readonly impact: NonNullable<AbsenceFigures['impact']> }) {
  const { interrupted } = impact;
  if (interrupted.kind === 'refused')
    return (
      <>
        Cette comparaison ne prouve pas à elle seule l’effet du service{NBSP}: on ne peut pas conclure.{' '}
        {interrupted.code === 'habits-changed'
          ? 'La façon de noter a changé avec la mise en service, comme dit plus bas.'
          : interrupted.reason}
      </>
    );
  return (
    <>
      Cette comparaison ne prouve rien à elle seule&nbsp;; saison et tendance retirées, l’effet estimé est de{' '}
      <strong>{points(interrupted.value)}</strong>, entre {signed(interrupted.low)} et{' '}
      {signed(interrupted.high)}
      {interrupted.low < 0 && interrupted.high > 0 ? `${NBSP}: on ne peut pas conclure` : ''}.
    </>
  );
}

function Counts({ impact, months }: AbsenceFigures) {
  const unknown = months.reduce((sum, month) => sum + month.unknown, 0);
  const missed = months.reduce((sum, month) => sum + month.missed, 0);
  const known = months.reduce((sum, month) => sum + month.known, 0);
  return (
    <>
      {impact?.naive.kind === 'estimate' && (
        <>
          {thousands(impact.naive.after.missed)}&nbsp;manquées sur {thousands(impact.naive.after.known)}
          &nbsp;issues connues depuis la mise en service&nbsp;; {thousands(
            impact.naive.before.missed,
          )} sur {thousands(impact.naive.before.known)} avant.{' '}
        </>
      )}
      {unknown === 0 ? (
        'Toutes les issues passées de la période sont marquées.'
      ) : (
        <>
          <a href="/attention/unmarked">
            {plural(unknown, 'issue')} {unknown > 1 ? 'restent' : 'reste'} à marquer
          </a>
          &nbsp;; selon ce qu’elles furent, le taux de la période est entre{' '}
          {decimal((missed / (known + unknown)) * 100)} et {percent((missed + unknown) / (known + unknown))}.
        </>
      )}
    </>
  );
}
