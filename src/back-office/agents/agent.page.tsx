import type { AgentView } from '../../agents/agent.queries.js';
import type { AbsenceView } from '../../agents/life/absence.queries.js';
import type { Role } from '../../access/domain/roles.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { SelectField } from '../../ui/select-field.js';
import { Done, State } from '../../ui/state.js';
import { NBSP, plural, spacedPhone } from '../../ui/typography.js';
import { ROLE_NAMES } from '../role-names.js';
import { AbsenceForm, type AbsenceFormView, AbsenceList } from './absence-form.js';
import { absenceWords, fullNameOf, PRESENCES, roleOptions } from './agent-words.js';

export interface AgentCardView {
  readonly frame: Frame;
  readonly agent: AgentView;
  readonly lastSeen: string;
  readonly followed: { readonly persons: number; readonly convocations: number };
  readonly absences: readonly AbsenceView[];
  readonly absenceForm: AbsenceFormView;
  readonly impersonations: readonly { readonly id: string; readonly words: string }[];
  /** What the reader may do; the server asks again. */
  readonly may: {
    readonly change: boolean;
    readonly leave: boolean;
    readonly move: boolean;
    readonly impersonate: boolean;
    readonly takeSecondFactor: boolean;
    readonly readJournal: boolean;
    /** Roles to choose from; empty: not the reader's to change. */
    readonly roles: readonly Role[];
  };
  readonly reason: string;
  readonly done: string | null;
  readonly problems: Problems;
}

export function AgentPage(view: AgentCardView) {
  const { frame, agent, done, problems, may } = view;
  const name = fullNameOf(agent);
  return (
    <AppPage frame={frame} title={name} current="/agents">
      <Done sentence={done} />
      <ErrorSummary problems={problems} />
      <PageHead title={name} back={{ href: '/agents', label: 'Agents' }} actions={<Actions {...view} />}>
        <p>
          <State {...PRESENCES[agent.presence]} pill /> {ROLE_NAMES[agent.role]}, {agent.organizationName}
        </p>
      </PageHead>
      <div class="sections">
        <Facts {...view} />
        {may.change && agent.presence !== 'gone' && agent.presence !== 'invited' && <Absences {...view} />}
        {may.roles.length > 0 && <RoleForm {...view} />}
        {may.takeSecondFactor && <SecondFactor {...view} />}
        {may.impersonate && <Impersonation {...view} />}
      </div>
    </AppPage>
  );
}

function Actions({ frame, agent, may }: AgentCardView) {
  const { id, presence } = agent;
  const button = (action: string, label: string) => (
    <form method="post" action={`/agents/${id}/${action}`}>
      <FormTokens csrfToken={frame.csrfToken} />
      <button class="secondary">{label}</button>
    </form>
  );
  if (presence === 'gone') return may.leave ? button('reopen', 'Rouvrir le compte') : null;
  return (
    <>
      {may.change && (
        <a class="button secondary" href={`/agents/${id}/edit`}>
          Modifier
        </a>
      )}
      {may.change && presence === 'invited' && button('invite', 'Renvoyer l’invitation')}
      {may.move && (
        <a class="button secondary" href={`/agents/${id}/transfer`}>
          Muter
        </a>
      )}
      {may.leave && (
        <a class="button secondary" href={`/agents/${id}/leave`}>
          Départ
        </a>
      )}
    </>
  );
}

function Facts({ agent, lastSeen, followed, may }: AgentCardView) {
  const absence = absenceWords(agent);
  return (
    <section aria-labelledby="facts">
      <h2 id="facts" class="visually-hidden">
        Coordonnées
      </h2>
      <dl class="facts">
        <dt>E-mail</dt>
        <dd>{agent.email}</dd>
        <dt>Téléphone</dt>
        <dd class="nowrap">{agent.phone === null ? 'Non renseigné' : spacedPhone(agent.phone)}</dd>
        <dt>Dernière connexion</dt>
        <dd>{lastSeen}</dd>
        <dt>Suit</dt>
        <dd>
          {plural(followed.persons, 'personne')}, {plural(followed.convocations, 'convocation')} à venir ou à
          marquer
        </dd>
        {absence !== null && (
          <>
            <dt>Absent</dt>
            <dd>{absence}</dd>
          </>
        )}
        {may.readJournal && (
          <>
            <dt>Journal</dt>
            <dd>
              <a href={`/agents/${agent.id}/journal`}>Ce que cet agent a lu et fait</a>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Absences({ frame, agent, absences, absenceForm, problems }: AgentCardView) {
  return (
    <section aria-labelledby="absences" class="stack">
      <h2 id="absences">Absences</h2>
      <AbsenceList absences={absences} csrfToken={frame.csrfToken} />
      <details open={absenceForm.isOpen}>
        <summary>Noter une absence</summary>
        <AbsenceForm
          view={absenceForm}
          action={`/agents/${agent.id}/absence`}
          csrfToken={frame.csrfToken}
          problems={problems}
        />
      </details>
    </section>
  );
}

function RoleForm({ frame, agent, may, problems }: AgentCardView) {
  return (
    <section aria-labelledby="role-title" class="stack">
      <h2 id="role-title">Rôle</h2>
      <form class="form" method="post" action={`/agents/${agent.id}/role`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <SelectField
          name="role"
          label="Rôle dans le service"
          value={agent.role}
          problems={problems}
          options={roleOptions(may.roles)}
          hint="Le changement ferme ses sessions. Un rôle qui ne suit pas de personnes rend ses suivis au service."
        />
        <div class="actions">
          <button class="secondary">Changer le rôle</button>
        </div>
      </form>
    </section>
  );
}

function SecondFactor({ frame, agent }: AgentCardView) {
  return (
    <section aria-labelledby="second-factor" class="stack">
      <h2 id="second-factor">Second facteur</h2>
      <p>
        Si l’agent a perdu son application et ses codes de secours, retirez son second facteur après avoir
        vérifié de vive voix que c’est bien lui. Ses sessions sont fermées{NBSP}; jusqu’à ce qu’il en
        configure un autre, son mot de passe suffit, sauf pour un administrateur.
      </p>
      <form method="post" action={`/agents/${agent.id}/second-factor`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <button class="secondary">Retirer son second facteur</button>
      </form>
    </section>
  );
}

function Impersonation({ frame, agent, impersonations, reason, problems }: AgentCardView) {
  return (
    <section aria-labelledby="impersonation" class="stack">
      <h2 id="impersonation">Voir le service comme cet agent</h2>
      <form class="form" method="post" action={`/agents/${agent.id}/impersonate`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <Field
          name="reason"
          label="Pourquoi"
          value={reason}
          problems={problems}
          hint={`Gardé avec les deux noms. 30${NBSP}minutes au plus${NBSP}; ni mot de passe, ni second facteur, ni export.`}
          attributes={{ required: true, minLength: 5, maxLength: 300, autocomplete: 'off' }}
        />
        <div class="actions">
          <button class="secondary">Prendre son identité</button>
        </div>
      </form>
      {impersonations.length > 0 && (
        <ul class="bullets small">
          {impersonations.map(({ id, words }) => (
            <li key={id}>{words}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
