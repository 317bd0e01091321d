import type { ServiceChoice } from '../../agents/agent.queries.js';
import type { AbsenceView, StandIn } from '../../agents/life/absence.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check } from '../../ui/choices.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { Done } from '../../ui/state.js';
import { plainDate, plural } from '../../ui/typography.js';
import { AbsenceForm, type AbsenceFormView, AbsenceList } from '../agents/absence-form.js';

export interface AccountForm {
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string;
  readonly shareEmail: boolean;
  readonly sharePhone: boolean;
}

export interface AccountView {
  readonly frame: Frame;
  readonly email: string;
  readonly form: AccountForm;
  readonly followed: number;
  readonly services: readonly ServiceChoice[];
  readonly absences: readonly AbsenceView[];
  readonly absenceForm: AbsenceFormView;
  readonly standsInFor: readonly StandIn[];
  readonly done: string | null;
  readonly problems: Problems;
}

export function AccountPage(view: AccountView) {
  const { frame, done, problems } = view;
  return (
    <AppPage frame={frame} title="Mon compte" current="/account">
      <Done sentence={done} />
      <ErrorSummary problems={problems} />
      <PageHead title="Mon compte">
        <p class="muted">
          {frame.roleName}, {frame.organizationName}. {view.email}
        </p>
      </PageHead>
      <div class="sections">
        <ProfileForm {...view} />
        <Absences {...view} />
        {view.services.length > 0 && <Switch {...view} />}
        <section aria-labelledby="security" class="stack">
          <h2 id="security">Sécurité</h2>
          <ul class="plain">
            <li>
              <a href="/account/security">Mot de passe et second facteur</a>
            </li>
            <li>
              <a href="/account/sessions">Appareils connectés</a>
            </li>
            <li>
              <a href="/charter">Charte de sécurité</a>
            </li>
          </ul>
        </section>
      </div>
    </AppPage>
  );
}

function ProfileForm({ frame, form, problems }: AccountView) {
  const field = boundTo(form, problems);
  return (
    <section aria-labelledby="profile" class="stack">
      <h2 id="profile">Qui je suis</h2>
      <form class="form" method="post" action="/account">
        <FormTokens csrfToken={frame.csrfToken} />
        <Field
          {...field('firstName')}
          label="Prénom"
          attributes={{ autocomplete: 'given-name', required: true, maxLength: 100 }}
        />
        <Field
          {...field('lastName')}
          label="Nom"
          attributes={{ autocomplete: 'family-name', required: true, maxLength: 100 }}
        />
        <Field
          {...field('phone')}
          label="Téléphone professionnel (facultatif)"
          attributes={{ type: 'tel', autocomplete: 'tel', maxLength: 30 }}
        />
        <fieldset>
          <legend>Montrer aux personnes que je suis</legend>
          <p class="hint">
            Affiché sur la page qu’ouvre le lien de leurs messages. Si leurs messages sont discrets, seul le
            numéro l’est, sans votre nom. Rien n’est montré sans votre accord, que vous pouvez retirer à tout
            moment.
          </p>
          <Check name="shareEmail" checked={form.shareEmail}>
            Mon adresse e-mail
          </Check>
          <Check name="sharePhone" checked={form.sharePhone}>
            Mon téléphone professionnel
          </Check>
        </fieldset>
        <div class="actions">
          <button>Enregistrer</button>
        </div>
        <p class="hint">Rôle, service et adresse e-mail se changent par l’administrateur du service.</p>
      </form>
    </section>
  );
}

function Absences({ frame, absences, absenceForm, standsInFor, problems }: AccountView) {
  return (
    <section aria-labelledby="absences" class="stack">
      <h2 id="absences">Mes absences</h2>
      {standsInFor.map(({ agentId, name, endsOn }) => (
        <p key={agentId} class="state wait">
          Vous remplacez {name} jusqu’au {plainDate(endsOn)} compris.
        </p>
      ))}
      <AbsenceList absences={absences} csrfToken={frame.csrfToken} own />
      <details open={absenceForm.isOpen}>
        <summary>Noter une absence</summary>
        <AbsenceForm
          view={absenceForm}
          action="/account/absence"
          csrfToken={frame.csrfToken}
          problems={problems}
        />
      </details>
    </section>
  );
}

function Switch({ frame, services, followed }: AccountView) {
  return (
    <section aria-labelledby="switch" class="stack">
      <h2 id="switch">Changer de service</h2>
      <form class="form" method="post" action="/account/service">
        <FormTokens csrfToken={frame.csrfToken} />
        <SelectField
          name="organizationId"
          label="Travailler dans"
          value=""
          options={[{ value: '', label: 'Choisir…' }, ...namedOptions(services)]}
        />
        {followed > 0 && (
          <p class="hint">
            {plural(followed, 'suivi reste', 'suivis restent')} à votre nom dans {frame.organizationName}.
          </p>
        )}
        <div class="actions">
          <button class="secondary">Changer de service</button>
        </div>
      </form>
    </section>
  );
}
