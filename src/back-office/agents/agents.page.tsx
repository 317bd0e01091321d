import type { AgentFilter, AgentView, ServiceChoice } from '../../agents/agent.queries.js';
import { AGENT_PRESENCES } from '../../agents/domain/agent-rules.js';
import { ROLES } from '../../access/domain/roles.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Field, FormTokens } from '../../ui/forms.js';
import { namedOptions, type Option, SelectField } from '../../ui/select-field.js';
import { Done, State } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { ROLE_NAMES } from '../role-names.js';
import { absenceWords, fullNameOf, PRESENCES, roleOptions } from './agent-words.js';

export interface AgentsView {
  readonly frame: Frame;
  readonly filter: AgentFilter;
  readonly agents: readonly AgentView[];
  readonly nextCursor: string | null;
  /** More than one: the reader looks after several. */
  readonly services: readonly ServiceChoice[];
  readonly mayMove: boolean;
  /** Moves that wait for an answer. */
  readonly transfers: number;
  readonly done: string | null;
}

export function AgentsPage(view: AgentsView) {
  const { frame, agents, done, transfers, mayMove } = view;
  return (
    <AppPage frame={frame} title="Agents" current="/agents">
      <Done sentence={done} />
      <PageHead
        title="Agents"
        actions={
          <>
            <a class="button" href="/agents/new">
              Inviter un agent
            </a>
            <a class="button secondary" href="/agents/import">
              Inviter par fichier
            </a>
            {mayMove && (
              <a class="button secondary" href="/agents/transfers">
                Mutations{transfers > 0 ? ` (${transfers})` : ''}
              </a>
            )}
          </>
        }
      >
        <p class="muted">Qui a un compte, avec quel rôle, et où il en est.</p>
      </PageHead>
      <div class="sections">
        <Filters {...view} />
        {agents.length === 0 ? <p>Aucun agent ne répond à cette recherche.</p> : <Table {...view} />}
      </div>
    </AppPage>
  );
}

function Filters({ frame, filter, services }: AgentsView) {
  const any = (label: string): Option => ({ value: '', label });
  const presences = AGENT_PRESENCES.map((value) => ({ value, label: PRESENCES[value].word }));
  return (
    <form
      class="filter-bar"
      method="post"
      action="/agents/search"
      role="search"
      aria-label="Chercher un agent"
    >
      <FormTokens csrfToken={frame.csrfToken} />
      <Field
        name="query"
        label="Nom, prénom ou adresse"
        value={filter.query}
        attributes={{ type: 'search', maxLength: 200 }}
      />
      <SelectField
        name="role"
        label="Rôle"
        value={filter.role}
        options={[any('Tous'), ...roleOptions(ROLES)]}
      />
      {services.length > 1 && (
        <SelectField
          name="organizationId"
          label="Service"
          value={filter.organizationId}
          options={[any('Tous'), ...namedOptions(services)]}
        />
      )}
      <SelectField
        name="presence"
        label="État"
        value={filter.presence}
        options={[any('Tous sauf partis'), ...presences]}
      />
      <button class="secondary">Chercher</button>
    </form>
  );
}

function Table(view: AgentsView) {
  const { agents, services } = view;
  return (
    <section aria-label="Agents trouvés" class="stack">
      <div class="scroll" role="region" aria-label="Tableau des agents" tabIndex={0}>
        <table>
          <TableHead columns={['Nom', 'Rôle', ...(services.length > 1 ? ['Service'] : []), 'État']} />
          <tbody>
            {agents.map((agent) => (
              <tr key={agent.id}>
                <th scope="row">
                  <a href={`/agents/${agent.id}`}>{fullNameOf(agent)}</a>
                  <div class="small muted">{agent.email}</div>
                </th>
                <td>{ROLE_NAMES[agent.role]}</td>
                {services.length > 1 && <td>{agent.organizationName}</td>}
                <td>
                  <State {...PRESENCES[agent.presence]} />
                  {agent.presence === 'absent' && <div class="small muted">{absenceWords(agent)}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {view.nextCursor !== null && <More {...view} cursor={view.nextCursor} />}
    </section>
  );
}

function More({ frame, filter, cursor }: AgentsView & { readonly cursor: string }) {
  return (
    <form class="pager" method="post" action="/agents/search">
      <FormTokens csrfToken={frame.csrfToken} />
      {(['query', 'role', 'organizationId', 'presence'] as const).map((name) => (
        <input key={name} type="hidden" name={name} value={filter[name]} />
      ))}
      <input type="hidden" name="cursor" value={cursor} />
      <button class="secondary">Page suivante</button>
    </form>
  );
}
