import type { ServiceChoice } from '../../agents/agent.queries.js';
import type { Role } from '../../access/domain/roles.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { Note } from '../../ui/state.js';
import { roleOptions } from './agent-words.js';

export interface AgentForm {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
}

export interface NewAgentForm extends AgentForm {
  readonly role: string;
  readonly organizationId: string;
}

export interface NewAgentView {
  readonly frame: Frame;
  readonly form: NewAgentForm;
  readonly services: readonly ServiceChoice[];
  /** Roles to give, by name of the kind of service. */
  readonly roles: readonly { readonly label: string; readonly roles: readonly Role[] }[];
  readonly mailIsOn: boolean;
  /** The address has an account, wherever that is: a move can be asked for. */
  readonly offersTransfer: boolean;
  readonly problems: Problems;
}

export function NewAgentPage(view: NewAgentView) {
  const { frame, form, services, roles, problems, mailIsOn, offersTransfer } = view;
  const field = boundTo(form, problems);
  return (
    <AppPage frame={frame} title="Inviter un agent" current="/agents">
      <ErrorSummary problems={problems} />
      <PageHead title="Inviter un agent" back={{ href: '/agents', label: 'Agents' }}>
        <p class="muted">
          {mailIsOn
            ? 'Il reçoit par e-mail un lien qui sert une fois, pendant sept jours, pour choisir son mot de passe.'
            : 'Aucun e-mail ne part de cette installation\u00a0: le lien vous sera montré une fois, à lui remettre.'}
        </p>
      </PageHead>
      {offersTransfer && <OfferTransfer {...view} />}
      <form class="form" method="post" action="/agents/new">
        <FormTokens csrfToken={frame.csrfToken} />
        <AgentFields form={form} problems={problems} />
        <SelectField
          {...field('role')}
          label="Rôle"
          groups={roles.map((group) => ({
            label: group.label,
            options: [
              ...(roles.length === 1 ? [{ value: '', label: 'Choisir…' }] : []),
              ...roleOptions(group.roles),
            ],
          }))}
        />
        {services.length > 1 ? (
          <SelectField {...field('organizationId')} label="Service" options={namedOptions(services)} />
        ) : (
          <input type="hidden" name="organizationId" value={form.organizationId} />
        )}
        <div class="actions">
          <button>Inviter</button>
          <a class="button secondary" href="/agents">
            Annuler
          </a>
        </div>
      </form>
    </AppPage>
  );
}

/** The same for every address that is taken: it tells nobody where the account is. */
function OfferTransfer({ frame, form }: NewAgentView) {
  return (
    <Note shape="warn">
      <p class="state warn">Cette adresse ne peut pas être invitée ici.</p>
      <p>
        Si cette personne travaille déjà dans un autre service, demandez sa mutation&nbsp;: l’administrateur
        de ce service la confirmera, et ses suivis seront confiés à ses collègues.
      </p>
      <form method="post" action="/agents/transfers">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="email" value={form.email} />
        <input type="hidden" name="toOrganizationId" value={form.organizationId} />
        <button>Demander sa mutation</button>
      </form>
    </Note>
  );
}

export interface AgentFieldsProps {
  readonly form: AgentForm;
  readonly problems: Problems;
  readonly addressIsFixed?: boolean;
}

export function AgentFields({ form, problems, addressIsFixed }: AgentFieldsProps) {
  const field = boundTo(form, problems);
  return (
    <>
      <Field
        {...field('firstName')}
        label="Prénom"
        attributes={{ required: true, maxLength: 100, autocomplete: 'off' }}
      />
      <Field
        {...field('lastName')}
        label="Nom"
        attributes={{ required: true, maxLength: 100, autocomplete: 'off' }}
      />
      <Field
        {...field('email')}
        label="Adresse e-mail professionnelle"
        attributes={{
          type: 'email',
          required: true,
          maxLength: 254,
          autocomplete: 'off',
          readOnly: addressIsFixed === true,
        }}
        {...(addressIsFixed === true
          ? { hint: 'Elle ouvre le compte\u00a0: seul un administrateur central la change.' }
          : {})}
      />
      <Field
        {...field('phone')}
        label="Téléphone professionnel (facultatif)"
        attributes={{ type: 'tel', maxLength: 30, autocomplete: 'off' }}
      />
    </>
  );
}

export interface EditAgentView {
  readonly frame: Frame;
  readonly agentId: string;
  readonly name: string;
  readonly form: AgentForm;
  readonly addressIsFixed: boolean;
  readonly problems: Problems;
}

export function EditAgentPage({ frame, agentId, name, form, addressIsFixed, problems }: EditAgentView) {
  return (
    <AppPage frame={frame} title={`Modifier ${name}`} current="/agents">
      <ErrorSummary problems={problems} />
      <PageHead title={`Modifier ${name}`} back={{ href: `/agents/${agentId}`, label: name }} />
      <form class="form" method="post" action={`/agents/${agentId}/edit`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <AgentFields form={form} problems={problems} addressIsFixed={addressIsFixed} />
        <div class="actions">
          <button>Enregistrer</button>
          <a class="button secondary" href={`/agents/${agentId}`}>
            Annuler
          </a>
        </div>
      </form>
    </AppPage>
  );
}

export interface InvitationLinkView {
  readonly frame: Frame;
  readonly agentId: string;
  readonly name: string;
  readonly url: string;
}

/** Shown once, when no e-mail can leave. */
export function InvitationLinkPage({ frame, agentId, name, url }: InvitationLinkView) {
  return (
    <AppPage frame={frame} title="Lien d’invitation" current="/agents">
      <PageHead title={`Lien pour ${name}`} back={{ href: '/agents', label: 'Agents' }} />
      <Note shape="warn" status>
        <p class="state warn">Ce lien n’est montré qu’une fois.</p>
        <p>Remettez-le en main propre ou au téléphone. Il sert une fois, pendant sept jours.</p>
        <p>
          <code class="link-shown">{url}</code>
        </p>
      </Note>
      <p>
        <a class="button" href={`/agents/${agentId}`}>
          J’ai noté le lien
        </a>
      </p>
    </AppPage>
  );
}
