import type { ServiceChoice } from '../../agents/agent.queries.js';
import type { TransferView } from '../../notifications/hand-over/transfer.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { Done, State, type StateWord } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { ROLE_NAMES } from '../role-names.js';
import { HeirsFields, type HeirsView } from './heirs-form.js';

export interface TransferLine extends TransferView {
  /** « 12 juin 2026 ». */
  readonly askedOn: string;
}

export interface TransfersView {
  readonly frame: Frame;
  readonly transfers: readonly TransferLine[];
  readonly services: readonly ServiceChoice[];
  readonly form: { readonly email: string; readonly toOrganizationId: string };
  readonly done: string | null;
  readonly problems: Problems;
}

const STATES: Readonly<Record<TransferView['state'], StateWord>> = {
  pending: { word: 'En attente de l’autre service', shape: 'half wait' },
  confirmed: { word: 'Faite', shape: 'ok' },
  refused: { word: 'Refusée', shape: 'bad' },
  withdrawn: { word: 'Retirée', shape: 'off' },
};

export function TransfersPage(view: TransfersView) {
  const { frame, transfers, done, problems } = view;
  return (
    <AppPage frame={frame} title="Mutations" current="/agents">
      <Done sentence={done} />
      <ErrorSummary problems={problems} />
      <PageHead title="Mutations" back={{ href: '/agents', label: 'Agents' }}>
        <p class="muted">
          Un agent change de service avec l’accord des deux côtés. Les administrateurs ne sont jamais mutés
          ainsi.
        </p>
      </PageHead>
      <div class="sections">
        <section aria-labelledby="waiting" class="stack">
          <h2 id="waiting">Demandes</h2>
          {transfers.length === 0 ? <p>Aucune demande.</p> : <Lines {...view} />}
        </section>
        <Ask {...view} />
      </div>
    </AppPage>
  );
}

function Lines({ transfers, frame }: TransfersView) {
  return (
    <div class="scroll" role="region" aria-label="Tableau des mutations" tabIndex={0}>
      <table>
        <TableHead columns={['Agent', 'Vers', 'Demandée le', 'État', 'Suite']} />
        <tbody>
          {transfers.map((transfer) => (
            <tr key={transfer.id}>
              <th scope="row">
                {transfer.agentName ?? transfer.askedEmail}
                {transfer.fromName !== null && <div class="small muted">Depuis {transfer.fromName}</div>}
              </th>
              <td>{transfer.toName}</td>
              <td>{transfer.askedOn}</td>
              <td>
                {transfer.state === 'pending' && transfer.part === 'answers' ? (
                  <State word="Attend votre réponse" shape="warn" />
                ) : (
                  <State {...STATES[transfer.state]} />
                )}
              </td>
              <td>
                <Next transfer={transfer} csrfToken={frame.csrfToken} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Next({ transfer, csrfToken }: { readonly transfer: TransferLine; readonly csrfToken: string }) {
  if (transfer.state !== 'pending') return null;
  if (transfer.part === 'answers')
    return (
      <a class="button" href={`/agents/transfers/${transfer.id}`}>
        Répondre
      </a>
    );
  return (
    <form method="post" action={`/agents/transfers/${transfer.id}/withdraw`}>
      <FormTokens csrfToken={csrfToken} />
      <button class="secondary">Retirer</button>
    </form>
  );
}

function Ask({ frame, services, form, problems }: TransfersView) {
  return (
    <section aria-labelledby="ask" class="stack">
      <h2 id="ask">Faire venir un agent</h2>
      <form class="form" method="post" action="/agents/transfers">
        <FormTokens csrfToken={frame.csrfToken} />
        <Field
          name="email"
          label="Son adresse e-mail professionnelle"
          value={form.email}
          problems={problems}
          hint="Si un agent d’un service de même nature a cette adresse, son administrateur est prévenu. La réponse est la même sinon."
          attributes={{ type: 'email', required: true, maxLength: 254, autocomplete: 'off' }}
        />
        {services.length > 1 ? (
          <SelectField
            name="toOrganizationId"
            label="Dans le service"
            value={form.toOrganizationId}
            problems={problems}
            options={namedOptions(services)}
          />
        ) : (
          <input type="hidden" name="toOrganizationId" value={form.toOrganizationId} />
        )}
        <div class="actions">
          <button>Demander la mutation</button>
        </div>
      </form>
    </section>
  );
}

export interface TransferPageView {
  readonly frame: Frame;
  readonly transfer: TransferLine;
  /** Null: the other side has chosen who takes over. */
  readonly heirs: HeirsView | null;
  readonly problems: Problems;
}

/** Where the other side answers. */
export function TransferPage({ frame, transfer, heirs, problems }: TransferPageView) {
  const name = transfer.agentName ?? transfer.askedEmail;
  return (
    <AppPage frame={frame} title={`Mutation de ${name}`} current="/agents">
      <ErrorSummary problems={problems} />
      <PageHead title={`Mutation de ${name}`} back={{ href: '/agents/transfers', label: 'Mutations' }}>
        <p>
          {transfer.agentRole !== null && `${ROLE_NAMES[transfer.agentRole]}. `}
          De {transfer.fromName} vers {transfer.toName}, demandée le {transfer.askedOn} par{' '}
          {transfer.side === 'receiving' ? 'le service qui accueille' : 'le service d’origine'}.
        </p>
      </PageHead>
      <form class="form wide" method="post" action={`/agents/transfers/${transfer.id}/confirm`}>
        <FormTokens csrfToken={frame.csrfToken} />
        {heirs === null ? (
          <p>
            Ses suivis restent au service d’origine, qui a choisi qui les reprend. L’agent garde son rôle et
            se connecte de nouveau.
          </p>
        ) : (
          <HeirsFields {...heirs} />
        )}
        <div class="actions">
          <button>Confirmer la mutation</button>
        </div>
      </form>
      <form class="form" method="post" action={`/agents/transfers/${transfer.id}/refuse`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <div class="actions">
          <button class="secondary">Refuser</button>
        </div>
      </form>
    </AppPage>
  );
}
