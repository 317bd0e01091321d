import type { BaselineImport } from '../../statistics/baseline/baseline.queries.js';
import type { BaselineReport } from '../../statistics/baseline/import-baseline.js';
import type { ManagedService } from '../../statistics/rollouts/register.query.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions } from '../../ui/select-field.js';
import { Done } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { TextArea } from '../../ui/text-area.js';
import { monthInWords, NBSP, plural } from '../../ui/typography.js';
import { doneSentence } from '../done-sentence.js';
import { ServiceSwitch } from '../service-switch.js';
import type { BaselineForm } from './baseline-form.js';
import { BaselinePreview, LineFaults } from './baseline-preview.js';
import { writtenBy } from './rollout-words.js';

export interface BaselineView {
  readonly frame: Frame;
  readonly service: ManagedService;
  readonly services: readonly ManagedService[];
  readonly imports: readonly BaselineImport[];
  readonly form: BaselineForm;
  readonly report: BaselineReport | null;
  readonly done: string | null;
  readonly problems: Problems;
}

const DONE: Readonly<Record<string, string>> = {
  imported: 'Les chiffres sont importés.',
  undone: 'L’import est annulé. Ses chiffres ne comptent plus.',
};

export function BaselinePage(view: BaselineView) {
  const { frame, service, services, report, problems, done } = view;
  const title = `Chiffres d’avant, ${service.name}`;
  const sentence = doneSentence(DONE, done);
  const isReady = report !== null && problems.length === 0;
  return (
    <AppPage frame={frame} title={title} current="/rollouts">
      <PageHead
        title={title}
        back={{ href: `/rollouts?organization=${service.id}`, label: 'Mise en service' }}
      >
        <p class="muted">
          Ce que le service comptait avant les textes. Sans ces chiffres, un nouveau service n’a pas d’«
          {NBSP}avant{NBSP}» à comparer.
        </p>
      </PageHead>
      <div class="sections">
        <Done sentence={sentence} />
        {services.length > 1 && report === null && (
          <ServiceSwitch action="/rollouts/baseline" options={namedOptions(services)} chosen={service.id} />
        )}
        {isReady && <BaselinePreview frame={frame} form={view.form} report={report} />}
        <Import {...view} />
        {report !== null && !isReady && <LineFaults report={report} />}
        <Imports {...view} />
      </div>
    </AppPage>
  );
}

function Import({ frame, service, form, problems, report }: BaselineView) {
  const again = report !== null && problems.length === 0;
  return (
    <section aria-labelledby="import" class="stack">
      <h2 id="import">{again ? 'Choisir un autre fichier' : 'Importer'}</h2>
      <form class="form" method="post" action="/rollouts/baseline" encType="multipart/form-data">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="organization" value={service.id} />
        <ErrorSummary problems={problems} />
        <Field
          name="source"
          label="D’où viennent ces chiffres"
          value={form.source}
          problems={problems}
          hint="Par exemple&nbsp;: tableau de suivi du secrétariat, 2022 à 2024."
          attributes={{ maxLength: 200 }}
        />
        <Field
          name="file"
          label="Fichier CSV"
          problems={problems}
          hint="2 Mo au plus. Les noms de personnes ne sont ni lus ni gardés&nbsp;: seules restent des sommes par mois."
          attributes={{ type: 'file', accept: '.csv,.txt,text/csv,text/plain' }}
        />
        <TextArea
          name="text"
          label="Ou collez le tableau ici"
          value={again ? '' : form.text}
          problems={problems}
          attributes={{ rows: 5 }}
        />
        <div class="actions">
          <button name="act" value="check">
            Vérifier sans enregistrer
          </button>
        </div>
      </form>
      <Help />
    </section>
  );
}

function Help() {
  return (
    <details>
      <summary>Ce que le fichier doit contenir</summary>
      <div class="stack">
        <p>
          Des <strong>sommes par mois</strong>, une ligne par mois (et par type, si vous voulez){NBSP}:
        </p>
        <pre tabIndex={0} role="region" aria-label="Exemple de sommes par mois">
          {
            'mois;type;venues;manquées;excusées;annulées;sans issue\n2024-03;;142;61;9;12;0\n2024-04;;150;58;11;10;1'
          }
        </pre>
        <p>
          Ou <strong>une ligne par convocation</strong>, que nous ajoutons selon les mêmes définitions{NBSP}:
        </p>
        <pre tabIndex={0} role="region" aria-label="Exemple d’une ligne par convocation">
          {
            'date;type;issue\n14/03/2024;Convocation de suivi SPIP;venue\n14/03/2024;;absent\n15/03/2024;;excusée'
          }
        </pre>
        <p>
          Points-virgules, virgules ou tabulations. Une convocation reportée compte à sa nouvelle date. Une
          issue vide est «{NBSP}sans issue{NBSP}».
        </p>
      </div>
    </details>
  );
}

function Imports({ frame, imports, service }: BaselineView) {
  return (
    <section aria-labelledby="imports" class="stack">
      <h2 id="imports">Imports</h2>
      {imports.length === 0 ? (
        <p>Aucun import.</p>
      ) : (
        <div class="scroll" role="region" aria-label="Tableau des imports" tabIndex={0}>
          <table>
            <TableHead columns={['Source', 'Période', 'Importé par', 'État']} />
            <tbody>
              {imports.map((one) => (
                <tr key={one.id}>
                  <th scope="row">{one.source}</th>
                  <td>
                    {spanOf(one)} ({plural(one.rows, 'ligne')})
                  </td>
                  <td>{writtenBy(one.importedBy, one.importedAt, service.timeZone)}</td>
                  <td>
                    {one.undoneAt === null ? (
                      <form method="post" action="/rollouts/baseline/undo">
                        <FormTokens csrfToken={frame.csrfToken} />
                        <input type="hidden" name="importId" value={one.id} />
                        <button class="secondary small-button">
                          Annuler<span class="visually-hidden"> l’import « {one.source} »</span>
                        </button>
                      </form>
                    ) : (
                      `Annulé. ${writtenBy(one.undoneBy, one.undoneAt, service.timeZone)}`
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function spanOf({ firstMonth, lastMonth }: BaselineImport): string {
  if (firstMonth === null || lastMonth === null) return '–';
  const [from, to] = [firstMonth.slice(0, 7), lastMonth.slice(0, 7)];
  return from === to ? monthInWords(from) : `${monthInWords(from)} à ${monthInWords(to)}`;
}
