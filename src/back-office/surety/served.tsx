import { Temporal } from 'temporal-polyfill';
import { needsChoice } from '../../notifications/surety/release-refusals.js';
import type { AskedOperator, ReleaseReport } from '../../notifications/surety/release-report.query.js';
import type { ServedChoice } from '../../notifications/surety/release-sending.js';
import type { Hold } from '../../notifications/surety/sending-hold.js';
import { hourInWords } from '../../shared/french-dates.js';
import { toLocal } from '../../shared/time.js';
import { Choice, ChoiceGroup, idInGroup } from '../../ui/choices.js';
import type { Problems } from '../../ui/forms.js';
import { day, plural, thousands } from '../../ui/typography.js';
import { operatorName } from './words.js';

/** What the operators took that this database does not know, as their own lists tell it. */
export function AlreadyServed({ report }: { readonly report: ReleaseReport }) {
  const { served, operators } = report;
  return (
    <section class="stack" aria-labelledby="already-served">
      <h2 id="already-served">Ce qui est peut-être déjà parti</h2>
      {operators.length === 0 && <p>Aucun opérateur n’est réglé ici&nbsp;: rien n’a été comparé.</p>}
      {operators.some(({ outcome }) => outcome === 'whole' || outcome === 'cut') && (
        <p class={served > 0 ? 'state warn' : undefined}>
          {served === 0
            ? 'Aucun message en attente ne va à un numéro servi depuis.'
            : `${plural(served, 'message en attente va', 'messages en attente vont')} à un numéro qu’un opérateur a servi depuis, par un SMS que cette base ne connaît pas.`}
        </p>
      )}
      <ul>
        {operators.map((asked) => (
          <li key={asked.operator}>
            {operatorName(asked.operator)}&nbsp;: {readingInWords(asked, report)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function readingInWords(
  { operator, outcome, since, unknown }: AskedOperator,
  { served, unsure }: ReleaseReport,
): string {
  const others =
    served === 0 ? plural(unknown, 'message') : plural(unknown, 'autre message', 'autres messages');
  const unsaid = `Pour ${others}, on ne sait pas si l’envoi a déjà eu lieu`;
  const { date, time } = toLocal(Temporal.Instant.from(since), 'Europe/Paris');
  const from = `${day(date)} à ${hourInWords(time)} (heure de Paris)`;
  switch (outcome) {
    case 'whole':
      return `liste lue jusqu’au ${from}.`;
    case 'cut':
      return `liste trop longue, lue en partie sans remonter jusqu’au ${from}. Inconnu pour ${others}.`;
    case 'no-list':
      if (unknown === 0) return 'ne donne pas de liste.';
      // A text of which another operator could tell follows the decision.
      if (unsure > 0 && operator !== 'smtp') return `ne donne pas de liste. ${unsaid}.`;
      return `ne donne pas de liste. ${unsaid}\u00a0: ${unknown === 1 ? 'il partira' : 'ils partiront'}.`;
    case 'no-answer':
      return `n’a pas répondu. ${unsaid}.`;
  }
}

const CHOICES: readonly (readonly [ServedChoice, string])[] = [
  ['withhold', 'Les retenir\u00a0: ils ne partent pas, un agent vérifie que chaque personne est prévenue'],
  ['send', 'Les laisser partir\u00a0: des personnes recevront peut-être deux fois le même SMS'],
];

/** Nothing is chosen beforehand, nor kept of a refused form: it must be said of the report that is shown. */
export function ServedField({
  report,
  hold,
  problems,
}: {
  readonly report: ReleaseReport;
  readonly hold: Hold;
  readonly problems: Problems;
}) {
  if (!needsChoice(report, hold)) return null;
  return (
    <ChoiceGroup
      id="served"
      legend={`Les messages peut-être déjà partis\u00a0: ${thousands(report.served + report.unsure)}`}
      problems={problems}
    >
      <div class="choices wide">
        {CHOICES.map(([value, label], at) => (
          <Choice
            key={value}
            id={idInGroup('served', at, `served-${value}`)}
            name="served"
            value={value}
            checked={false}
          >
            {label}
          </Choice>
        ))}
      </div>
    </ChoiceGroup>
  );
}
