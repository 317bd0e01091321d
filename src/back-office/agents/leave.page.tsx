import type { AgentView, ServiceChoice } from '../../agents/agent.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, FormTokens, type Problems } from '../../ui/forms.js';
import { SelectField } from '../../ui/select-field.js';
import { fullNameOf } from './agent-words.js';
import { HeirsFields, type HeirsView } from './heirs-form.js';

export interface LeaveView {
  readonly frame: Frame;
  readonly agent: AgentView;
  readonly heirs: HeirsView;
  readonly problems: Problems;
}

export function LeavePage({ frame, agent, heirs, problems }: LeaveView) {
  const name = fullNameOf(agent);
  return (
    <AppPage frame={frame} title={`Départ de ${name}`} current="/agents">
      <ErrorSummary problems={problems} />
      <PageHead title={`Départ de ${name}`} back={{ href: `/agents/${agent.id}`, label: name }}>
        <p class="muted">
          Ses sessions se ferment et son compte ne s’ouvre plus. Ses suivis, convocations et tâches passent à
          qui vous nommez. Les clés des logiciels du service ne changent pas.
        </p>
      </PageHead>
      <form class="form wide" method="post" action={`/agents/${agent.id}/leave`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <HeirsFields {...heirs} />
        <div class="actions">
          <button>Enregistrer le départ</button>
          <a class="button secondary" href={`/agents/${agent.id}`}>
            Annuler
          </a>
        </div>
      </form>
    </AppPage>
  );
}

export interface AskLeaveView extends LeaveView {
  readonly services: readonly ServiceChoice[];
  readonly toOrganizationId: string;
}

/** A move asked for by the service the agent leaves. */
export function AskLeavePage({ frame, agent, heirs, services, toOrganizationId, problems }: AskLeaveView) {
  const name = fullNameOf(agent);
  const options = [
    { value: '', label: 'Choisir…' },
    ...services.map((service) => ({ value: service.id, label: service.name })),
  ];
  return (
    <AppPage frame={frame} title={`Muter ${name}`} current="/agents">
      <ErrorSummary problems={problems} />
      <PageHead title={`Muter ${name}`} back={{ href: `/agents/${agent.id}`, label: name }}>
        <p class="muted">
          L’administrateur de l’autre service est prévenu et confirme. Rien ne change avant&nbsp;: ni ses
          droits, ni ses suivis.
        </p>
      </PageHead>
      <form class="form wide" method="post" action={`/agents/${agent.id}/transfer`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <SelectField
          name="toOrganizationId"
          label="Vers quel service"
          value={toOrganizationId}
          problems={problems}
          options={options}
        />
        <HeirsFields {...heirs} />
        <div class="actions">
          <button>Demander la mutation</button>
          <a class="button secondary" href={`/agents/${agent.id}`}>
            Annuler
          </a>
        </div>
      </form>
    </AppPage>
  );
}
