import type { ServiceChoice } from '../../agents/agent.queries.js';
import { MOST_AGENT_LINES } from '../../agents/domain/agents-file.js';
import type { EnlistReport } from '../../agents/life/enlist-agents.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { Note } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { TextArea } from '../../ui/text-area.js';
import { NBSP, plural } from '../../ui/typography.js';
import { ROLE_NAMES } from '../role-names.js';
import { agentsText, faultSentence } from './import-words.js';

const MOST_SHOWN = 100;

export interface ImportView {
  readonly frame: Frame;
  readonly services: readonly ServiceChoice[];
  readonly organizationId: string;
  readonly text: string;
  readonly mailIsOn: boolean;
  readonly report: EnlistReport | null;
  readonly problems: Problems;
}

export function ImportPage(view: ImportView) {
  const { frame, report, problems } = view;
  const isReady = report !== null && problems.length === 0;
  return (
    <AppPage frame={frame} title="Inviter par fichier" current="/agents">
      <ErrorSummary problems={problems} />
      <PageHead title="Inviter par fichier" back={{ href: '/agents', label: 'Agents' }}>
        <p class="muted">
          Une ligne par agent. Vous voyez d’abord ce qui se passera{NBSP}; rien n’est fait avant votre
          confirmation, et tout l’est ensemble.
        </p>
      </PageHead>
      <div class="sections">
        {report !== null && report.faults.length > 0 && <Faults report={report} />}
        {isReady && <Ready {...view} report={report} />}
        <Choose {...view} />
      </div>
    </AppPage>
  );
}

function Faults({ report }: { readonly report: EnlistReport }) {
  const { faults } = report;
  return (
    <section aria-labelledby="faults" class="stack">
      <h2 id="faults">{plural(faults.length, 'ligne à corriger', 'lignes à corriger')}</h2>
      <ul class="bullets">
        {faults.slice(0, MOST_SHOWN).map((fault, at) => (
          <li key={at}>{faultSentence(fault)}</li>
        ))}
      </ul>
      {faults.length > MOST_SHOWN && <p>Et {faults.length - MOST_SHOWN} autres.</p>}
    </section>
  );
}

function Ready({ frame, report, organizationId, mailIsOn }: ImportView & { readonly report: EnlistReport }) {
  const { lines } = report;
  return (
    <section aria-labelledby="ready" class="stack">
      <h2 id="ready">{plural(lines.length, 'agent sera invité', 'agents seront invités')}</h2>
      <div class="scroll" role="region" aria-label="Agents du fichier" tabIndex={0}>
        <table>
          <TableHead columns={[numeric('Ligne'), 'Nom', 'E-mail', 'Rôle', 'Suite']} />
          <tbody>
            {lines.map(({ line, firstName, lastName, email, role }) => (
              <tr key={line}>
                <td class="num">{line}</td>
                <th scope="row">
                  {firstName} {lastName}
                </th>
                <td>{email}</td>
                <td>{ROLE_NAMES[role]}</td>
                <td>
                  {mailIsOn ? 'Compte créé, lien envoyé' : 'Compte créé, lien à remettre depuis sa fiche'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <form class="form" method="post" action="/agents/import" encType="multipart/form-data">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="organizationId" value={organizationId} />
        <input type="hidden" name="text" value={agentsText(lines)} />
        <div class="actions">
          <button name="act" value="apply">
            Inviter {plural(lines.length, 'agent')}
          </button>
        </div>
      </form>
    </section>
  );
}

function Choose({ frame, services, organizationId, text, problems, report }: ImportView) {
  return (
    <section aria-labelledby="choose" class="stack">
      <h2 id="choose">{report === null ? 'Le fichier' : 'Un autre fichier'}</h2>
      <form class="form" method="post" action="/agents/import" encType="multipart/form-data">
        <FormTokens csrfToken={frame.csrfToken} />
        {services.length > 1 ? (
          <SelectField
            name="organizationId"
            label="Service"
            value={organizationId}
            problems={problems}
            options={namedOptions(services)}
          />
        ) : (
          <input type="hidden" name="organizationId" value={organizationId} />
        )}
        <Field
          name="file"
          label="Fichier CSV"
          problems={problems}
          hint={`${MOST_AGENT_LINES} lignes et 1 Mo au plus. Points-virgules, virgules ou tabulations.`}
          attributes={{ type: 'file', accept: '.csv,.txt,text/csv,text/plain' }}
        />
        <TextArea
          name="text"
          label="Ou collez le tableau ici"
          value={report !== null && problems.length === 0 ? '' : text}
          problems={problems}
          attributes={{ rows: 5 }}
        />
        <div class="actions">
          <button name="act" value="check">
            Vérifier sans inviter
          </button>
        </div>
      </form>
      <Note shape="off">
        <p>
          Colonnes{NBSP}: nom, prénom, e-mail, rôle, téléphone (facultatif). Par exemple{NBSP}:
        </p>
        <pre tabIndex={0} role="region" aria-label="Exemple de fichier">
          {'nom;prénom;e-mail;rôle;téléphone\nCaradec;Inès;ines.caradec@exemple.fr;CPIP;01 47 25 00 00'}
        </pre>
      </Note>
    </section>
  );
}
