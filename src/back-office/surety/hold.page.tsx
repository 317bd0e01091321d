import { readingShown } from '../../notifications/surety/release-refusals.js';
import type { ReleaseReport } from '../../notifications/surety/release-report.query.js';
import type { Hold } from '../../notifications/surety/sending-hold.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { Note } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { plural, thousands } from '../../ui/typography.js';
import { KIND_TITLES } from '../words.js';
import { AlreadyServed, ServedField } from './served.js';
import { holdAdvice, holdFinding, holdTitle } from './words.js';

interface Common {
  readonly frame: Frame;
  readonly report: ReleaseReport;
  readonly hold: Hold | null;
  readonly problems: Problems;
}

export interface HoldView extends Common {
  readonly reason: string;
}

const BACK = { href: '/surety', label: 'Sûreté des envois' };
export const LONGEST_REASON = 300;

/** Asks once more, with what waits at this moment. */
export function HoldPage({ frame, report, hold, problems, reason }: HoldView) {
  return (
    <AppPage frame={frame} title="Retenir tous les envois" current="/surety">
      <PageHead title="Retenir tous les envois" back={BACK} />
      {hold !== null ? (
        <Note shape="warn">
          <p>Les envois sont déjà retenus.</p>
        </Note>
      ) : (
        <form class="form" method="post" action="/surety/hold">
          <FormTokens csrfToken={frame.csrfToken} />
          <ErrorSummary problems={problems} />
          <p>
            Plus aucun message ne partira, pour aucun service, jusqu’à la reprise. Ce que l’opérateur a déjà
            pris n’est pas rappelé. Ce qui devient inutile pendant la retenue est confié à un agent. Les
            webhooks attendent aussi.
          </p>
          <p>
            {report.leaving === 0
              ? 'Aucun message n’attend en ce moment.'
              : `${plural(report.leaving, 'message attend', 'messages attendent')} en ce moment.`}
          </p>
          <Field
            name="reason"
            label="Pourquoi"
            hint="Lu par ceux qui reprendront les envois. Ne nommez personne."
            value={reason}
            problems={problems}
            attributes={{ required: true, maxLength: LONGEST_REASON, autocomplete: 'off' }}
          />
          <div class="actions">
            <button class="danger">Retenir tous les envois</button>
            <a href="/surety">Renoncer</a>
          </div>
        </form>
      )}
    </AppPage>
  );
}

/** What would leave, then the button. */
export function ReleasePage({ frame, report, hold, problems }: Common) {
  return (
    <AppPage frame={frame} title="Reprendre les envois" current="/surety">
      <PageHead title="Reprendre les envois" back={BACK} />
      {hold === null || hold.id === null ? (
        <p class="state ok">{hold === null ? 'Les envois ne sont pas retenus.' : holdAdvice(hold)}</p>
      ) : (
        <div class="sections">
          <ErrorSummary problems={problems} />
          <Note shape="warn">
            <p>
              <strong>{holdTitle(hold)}</strong> {holdFinding(hold)} {holdAdvice(hold)}
            </p>
          </Note>
          <WouldLeave report={report} />
          <AlreadyServed report={report} />
          <form class="form" method="post" action="/surety/release">
            <FormTokens csrfToken={frame.csrfToken} />
            <input type="hidden" name="hold" value={hold.id} />
            <input type="hidden" name="shown" value={readingShown(report.operators)} />
            <ServedField report={report} hold={hold} problems={problems} />
            <div class="actions">
              <button>Reprendre les envois</button>
              <a href="/surety">Renoncer</a>
            </div>
          </form>
        </div>
      )}
    </AppPage>
  );
}

function WouldLeave({ report }: { readonly report: ReleaseReport }) {
  const { rows, leaving, late, unsure, expired, uncertain } = report;
  return (
    <section class="stack" aria-labelledby="would-leave">
      <h2 id="would-leave">Ce qui partirait maintenant</h2>
      <p>
        {leaving === 0
          ? 'Aucun message n’attend.'
          : `${plural(leaving, 'message partirait', 'messages partiraient')}, dont ${thousands(late)} en retard, avec des mots vrais à cette heure. Ceux dont la plage est fermée attendraient son ouverture.`}{' '}
        {expired > 0 &&
          `${plural(expired, 'message n’est plus utile', 'messages ne sont plus utiles')}\u00a0: un agent en est chargé.`}{' '}
        {uncertain > 0 && `${plural(uncertain, 'appel reste', 'appels restent')} en vérification.`}
      </p>
      {rows.length > 0 && (
        <table class="blocks">
          <TableHead
            columns={[
              'Service',
              'Message',
              numeric('Partiraient'),
              numeric('Dont en retard'),
              numeric('Dont déjà servis'),
              ...(unsure === 0 ? [] : [numeric('Dont inconnus')]),
              numeric('Inutiles désormais'),
            ]}
          />
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.organizationId} ${row.kind}`}>
                <th scope="row">{row.organization}</th>
                <td data-label="Message">{KIND_TITLES[row.kind]}</td>
                <td class="num" data-label="Partiraient">
                  {thousands(row.leaving)}
                </td>
                <td class="num" data-label="Dont en retard">
                  {thousands(row.late)}
                </td>
                <td class="num" data-label="Dont déjà servis">
                  {thousands(row.served)}
                </td>
                {unsure > 0 && (
                  <td class="num" data-label="Dont inconnus">
                    {thousands(row.unsure)}
                  </td>
                )}
                <td class="num" data-label="Inutiles désormais">
                  {thousands(row.expired)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
