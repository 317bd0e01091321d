import type { Doubt, OperatorNow } from '../../notifications/surety/surety-now.query.js';
import type { OperatorSurety } from '../../notifications/surety/surety.query.js';
import { hourInWords } from '../../shared/french-dates.js';
import { instantOf, toLocal } from '../../shared/time.js';
import { State } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { NBSP, shortMoment, thousands } from '../../ui/typography.js';
import { messageName } from '../words.js';
import { euros } from './euros.js';
import type { SuretyContent } from './surety.view.js';
import { secondsBetween } from './verdict.js';
import {
  agoInWords,
  circuitWord,
  comparisonWords,
  durationInWords,
  holdAdvice,
  holdFinding,
  holdTitle,
  operatorName,
  searchWords,
  setByWords,
  tasksWord,
} from './words.js';

/** An alert of an operator is shown for a day. */
const ALERT_SHOWN_SECONDS = 24 * 60 * 60;

export function PulseTable(view: SuretyContent) {
  const { pulse, operators } = view;
  const ago = (date: Date | null) => (date === null ? 'jamais' : agoInWords(secondsBetween(date, pulse.now)));
  return (
    <section class="stack" aria-labelledby="pulse">
      <h2 id="pulse">Le moteur, maintenant</h2>
      <table class="compact">
        <tbody>
          <Line title="Message dû le plus ancien">
            {pulse.oldestDue === null
              ? 'aucun'
              : `depuis ${durationInWords(secondsBetween(pulse.oldestDue, pulse.now))}`}
          </Line>
          <Line title="Dernier passage du relais">{ago(pulse.lastRelayRun)}</Line>
          <Line title="Tâches répétées">
            <State {...tasksWord(pulse.taskAges)} />
          </Line>
          <Line title="Dernier accusé de réception">{ago(pulse.lastReceipt)}</Line>
          {operators.map((operator, rank) => (
            <Line
              key={operator.operator}
              title={`${operatorName(operator.operator)}${isBackUp(operator.operator, rank) ? ' (secours)' : ''}`}
            >
              <State {...circuitWord(operator.circuit)} />
              <LastReceipt operator={operator.operator} view={view} />
            </Line>
          ))}
        </tbody>
      </table>
      {operators.map((operator) => (
        <Remarks key={operator.operator} operator={operator} view={view} />
      ))}
    </section>
  );
}

/** Texts have a second operator; mail has one relay, wherever it stands in the list. */
const isBackUp = (operator: string, rank: number) => rank > 0 && operator !== 'smtp';

/** Receipts of one operator hide that those of the other stopped. Nothing for one that owes none. */
function LastReceipt({ operator, view }: { readonly operator: string; readonly view: SuretyContent }) {
  const { lastReceipt = null, unconfirmed = 0 } =
    view.receipts.find((one) => one.operator === operator) ?? {};
  if (lastReceipt === null && unconfirmed === 0) return null;
  const said =
    lastReceipt === null
      ? `aucun accusé en 24${NBSP}h`
      : `dernier accusé ${agoInWords(secondsBetween(lastReceipt, view.pulse.now))}`;
  return <span class="muted">, {said}</span>;
}

function Line(props: { readonly title: string; readonly children: preact.ComponentChildren }) {
  return (
    <tr>
      <th scope="row">{props.title}</th>
      <td class="num">{props.children}</td>
    </tr>
  );
}

/** A list that an operator never gives is a fact to know; anything else is news. */
function Remarks({ operator, view }: { readonly operator: OperatorNow; readonly view: SuretyContent }) {
  const { lastAlert, lastAlertAt, comparison } = operator;
  const name = operatorName(operator.operator);
  const age = lastAlertAt === null ? null : secondsBetween(lastAlertAt, view.pulse.realNow);
  const compared = comparisonWords(comparison);
  return (
    <>
      {lastAlert !== null && age !== null && age <= ALERT_SHOWN_SECONDS && (
        <p class="state bad">
          {name}&nbsp;: code {lastAlert}, {agoInWords(age)}.
        </p>
      )}
      {compared !== null && (
        <p class={comparison === 'no-list' ? 'hint' : 'state warn'}>
          {name} {compared}
        </p>
      )}
    </>
  );
}

export function Doubts(view: SuretyContent) {
  const { doubts } = view;
  return (
    <section class="stack" aria-labelledby="doubts">
      <h2 id="doubts">En vérification</h2>
      {doubts.length === 0 ? (
        <p class="state ok">Aucun message dont le départ soit incertain.</p>
      ) : (
        doubts.map((doubt) => <OneDoubt key={doubt.messageId} doubt={doubt} view={view} />)
      )}
    </section>
  );
}

function found({ operator, decidedBy }: Doubt, { operators, pulse }: SuretyContent) {
  const listed = operators.find((one) => one.operator === operator);
  return {
    givesList: operator !== 'smtp' && listed?.comparison !== 'no-list',
    isOverdue: pulse.now > decidedBy,
  };
}

function OneDoubt({ doubt, view }: { readonly doubt: Doubt; readonly view: SuretyContent }) {
  const hour = (date: Date) => hourInWords(toLocal(instantOf(date), view.office.timeZone).time);
  return (
    <>
      <p class="state doubt warn">
        {messageName(doubt.kind, doubt.channel)}, {doubt.organization}
      </p>
      <p>
        Appel de {hour(doubt.startedAt)} resté sans réponse.{' '}
        {searchWords({ ...doubt, ...found(doubt, view) }, hour)}
      </p>
    </>
  );
}

export function HoldBox({ hold, mayHold, office }: SuretyContent) {
  return (
    <section class="stack" aria-labelledby="hold">
      <h2 id="hold">Retenue des envois</h2>
      {hold === null ? (
        <p>
          <State word="Inactive." shape="off" /> Retenir arrête tout départ, rien n’est perdu&nbsp;; la
          reprise montre d’abord ce qui partirait.
        </p>
      ) : (
        <>
          <p>
            <State word={holdTitle(hold)} shape="warn" />{' '}
            {hold.since !== null &&
              `Depuis ${shortMoment(instantOf(hold.since), office.timeZone, office.timeZone, office.now)}, ${setByWords(hold.setBy)}. `}
            {holdFinding(hold)}
          </p>
          <p>{holdAdvice(hold)}</p>
        </>
      )}
      {mayHold && hold?.reason !== 'environment-mismatch' && (
        <div class="actions">
          {hold === null ? (
            <a class="button secondary" href="/surety/hold">
              Retenir tous les envois…
            </a>
          ) : (
            <a class="button" href="/surety/release">
              Reprendre les envois…
            </a>
          )}
        </div>
      )}
    </section>
  );
}

export function CallsTable({ calls }: { readonly calls: readonly OperatorSurety[] }) {
  const columns = [
    ['calls', 'Appels'],
    ['delivered', 'Reçus'],
    ['accepted', 'Sans accusé'],
    ['undelivered', 'Non reçus'],
    ['refused', 'Refusés'],
    ['notSent', 'À refaire'],
    ['uncertain', 'Sans réponse sûre'],
  ] as const;
  const contradicted = calls.reduce((sum, row) => sum + row.contradicted, 0);
  return (
    <section class="stack" aria-labelledby="calls">
      <h2 id="calls">Par opérateur</h2>
      <table class="blocks">
        <TableHead columns={['Opérateur', ...columns.map(([, head]) => numeric(head)), numeric('Coût')]} />
        <tbody>
          {calls.map((row) => (
            <tr key={row.operator}>
              <th scope="row">{operatorName(row.operator)}</th>
              {columns.map(([name, head]) => (
                <td key={name} class={`num${row[name] === 0 ? ' muted' : ''}`} data-label={head}>
                  {thousands(row[name])}
                </td>
              ))}
              <td class="num" data-label="Coût">
                {euros(row.euros)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">Nouveaux essais compris&nbsp;; un appel à refaire n’est pas parti.</p>
      {contradicted > 0 && (
        <p>
          <State word="Contredits." shape="warn" /> Accusés dont l’opérateur a dit ensuite le contraire&nbsp;:{' '}
          {thousands(contradicted)}. Le premier fait foi&nbsp;; la convocation concernée le signale.
        </p>
      )}
    </section>
  );
}
