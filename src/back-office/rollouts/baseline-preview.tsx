import { countKey } from '../../statistics/baseline/baseline.queries.js';
import { type BaselineCount, baselineText } from '../../statistics/baseline/domain/read-baseline.js';
import type { BaselineReport } from '../../statistics/baseline/import-baseline.js';
import { absenceRate } from '../../statistics/domain/absence-rate.js';
import type { Frame } from '../../ui/app-page.js';
import { FormTokens } from '../../ui/forms.js';
import { Note } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { capital, monthInWords, NBSP, percent, plural, thousands } from '../../ui/typography.js';
import type { BaselineForm } from './baseline-form.js';
import { faultSentence } from './baseline-words.js';

const COUNTS = ['Venues', 'Manquées', 'Excusées', 'Annulées', 'Sans issue', 'Taux d’absence'];
const MOST_SHOWN = 100;

/** What the import would bring, month by month; the form carries the sums and nothing else of the file. */
export function BaselinePreview(props: {
  readonly frame: Frame;
  readonly form: BaselineForm;
  readonly report: BaselineReport;
}) {
  const { frame, form, report } = props;
  const months = new Set(report.counts.map(({ month }) => month)).size;
  return (
    <section aria-labelledby="preview" class="stack">
      <h2 id="preview">Ce qui serait importé</h2>
      <Note shape="wait" status>
        <p>
          Rien n’est encore enregistré. {capital(plural(months, 'mois', 'mois'))},{' '}
          {report.form === 'appointments' ? 'ajoutés à partir d’une ligne par convocation' : 'en sommes'}.
          {report.moved > 0 && ` ${movedSentence(report.moved)}`}
        </p>
      </Note>
      {report.recorded.size > 0 && (
        <Note shape="warn">
          <p>
            {plural(report.recorded.size, 'mois', 'mois')} ont déjà des convocations ici{NBSP}: pour ces mois,
            les issues marquées ici l’emportent et l’import ne compte pas.
          </p>
        </Note>
      )}
      <Counts report={report} />
      <form class="form" method="post" action="/rollouts/baseline" encType="multipart/form-data">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="organization" value={form.organization} />
        <input type="hidden" name="source" value={form.source} />
        <input type="hidden" name="text" value={baselineText(report.counts)} />
        <div class="actions">
          <button name="act" value="apply">
            Importer ces chiffres
          </button>
        </div>
      </form>
    </section>
  );
}

function movedSentence(moved: number): string {
  return `${plural(moved, 'convocation reportée compte', 'convocations reportées comptent')} à leur nouvelle date seulement.`;
}

function Counts({ report }: { readonly report: BaselineReport }) {
  return (
    <div class="scroll" role="region" aria-label="Tableau des chiffres lus" tabIndex={0}>
      <table>
        <TableHead columns={['Mois', 'Type', ...COUNTS.map((name) => numeric(name)), 'Remarque']} />
        <tbody>
          {report.counts.map((count) => (
            <CountRow key={countKey(count)} count={count} report={report} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CountRow({ count, report }: { readonly count: BaselineCount; readonly report: BaselineReport }) {
  const { attended, missed, excused, cancelled, unknown } = count;
  const remark = report.imported.has(countKey(count))
    ? 'Déjà importé'
    : report.recorded.has(count.month)
      ? 'Déjà marqué ici, ne comptera pas'
      : '';
  return (
    <tr>
      <th scope="row">{capital(monthInWords(count.month))}</th>
      <td>{count.typeCode === null ? 'Tous' : report.typeNames.get(count.typeCode)}</td>
      {[attended, missed, excused, cancelled, unknown].map((figure, at) => (
        <td key={at} class="num">
          {thousands(figure)}
        </td>
      ))}
      <td class="num">{percent(absenceRate(count))}</td>
      <td>{remark}</td>
    </tr>
  );
}

/** Why nothing may be imported: each line by its number, or the months that an earlier import brought. */
export function LineFaults({ report }: { readonly report: BaselineReport }) {
  const { faults } = report;
  if (faults.length === 0) return <Counts report={report} />;
  const hidden = faults.length - MOST_SHOWN;
  return (
    <section aria-labelledby="faults" class="stack">
      <h2 id="faults">{capital(plural(faults.length, 'ligne à corriger', 'lignes à corriger'))}</h2>
      <div class="scroll" role="region" aria-label="Tableau des lignes à corriger" tabIndex={0}>
        <table>
          <TableHead columns={[numeric('Ligne'), 'Ce qui ne va pas']} />
          <tbody>
            {faults.slice(0, MOST_SHOWN).map((fault, at) => (
              <tr key={at}>
                <th scope="row" class="num">
                  {thousands(fault.line)}
                </th>
                <td>{faultSentence(fault)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && <p class="muted">Et {plural(hidden, 'autre')}.</p>}
    </section>
  );
}
