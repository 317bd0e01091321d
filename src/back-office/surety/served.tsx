import { Temporal } from 'temporal-polyfill';
import {
  type AskedOperator,
  needsChoice,
  type ReleaseReport,
} from '../../notifications/surety/release-report.query.js';
import type { ServedChoice } from '../../notifications/surety/release-sending.js';
import type { Hold } from '../../notifications/surety/sending-hold.js';
import { hourInWords } from '../../shared/french-dates.js';
import { toLocal } from '../../shared/time.js';
import { CheckGroup, Choice, type Problems } from '../../ui/forms.js';
import { day, plural } from '../../ui/typography.js';
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
            {operatorName(asked.operator)}&nbsp;: {readingInWords(asked)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function readingInWords({ outcome, since, unknown }: AskedOperator): string {
  const others = plural(unknown, 'autre message', 'autres messages');
  const { date, time } = toLocal(Temporal.Instant.from(since), 'Europe/Paris');
  const from = `${day(date)} à ${hourInWords(time)} (heure de Paris)`;
  switch (outcome) {
    case 'whole':
      return `liste lue jusqu’au ${from}.`;
    case 'cut':
      return `liste trop longue, lue en partie sans remonter jusqu’au ${from}. Inconnu pour ${others}.`;
    case 'no-list':
      return unknown === 0
        ? 'ne donne pas de liste.'
        : `ne donne pas de liste. Pour ${others}, on ne sait pas si l’envoi a déjà eu lieu.`;
    case 'no-answer':
      return `n’a pas répondu. Pour ${others}, on ne sait pas si l’envoi a déjà eu lieu.`;
  }
}

const CHOICES: readonly (readonly [ServedChoice, string])[] = [
  ['withhold', 'Les retenir\u00a0: ils ne partent pas, un agent vérifie que chaque personne est prévenue'],
  ['send', 'Les laisser partir\u00a0: des personnes recevront peut-être deux fois le même SMS'],
];

/** Nothing is chosen beforehand: it must be said. */
export function ServedField(view: {
  readonly report: ReleaseReport;
  readonly hold: Hold;
  readonly problems: Problems;
}) {
  if (!needsChoice(view.report, view.hold)) return null;
  return (
    <CheckGroup id="served" legend="Les messages vers des numéros déjà servis" problems={view.problems}>
      {CHOICES.map(([value, label]) => (
        <Choice key={value} name="served" id={`served-${value}`} value={value} checked={false}>
          {label}
        </Choice>
      ))}
    </CheckGroup>
  );
}
