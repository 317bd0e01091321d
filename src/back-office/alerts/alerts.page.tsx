import type { AlertView } from '../../agents/alerts/alert.queries.js';
import { ALERT_LEVELS, LONGEST_ALERT, type AlertLevel } from '../../agents/domain/agent-alert.js';
import type { PreparedAlert } from '../../agents/alerts/publish-alert.js';
import type { ServiceChoice } from '../../agents/agent.queries.js';
import type { Role } from '../../access/domain/roles.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check } from '../../ui/choices.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { AlertPreview, levelWord } from '../../ui/notices.js';
import { Done, State, type StateWord } from '../../ui/state.js';
import { TextArea } from '../../ui/text-area.js';
import { plural } from '../../ui/typography.js';
import { ROLE_NAMES } from '../role-names.js';

export interface AlertLine extends AlertView {
  /** « Du 12 juin au 14 juin 2026 ». */
  readonly period: string;
}

export interface AlertForm {
  readonly level: string;
  readonly alertText: string;
  readonly organizationId: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly roles: readonly string[];
}

export interface AlertsView {
  readonly frame: Frame;
  readonly alerts: readonly AlertLine[];
  readonly form: AlertForm;
  readonly services: readonly ServiceChoice[];
  /** Roles that may be addressed. */
  readonly roles: readonly Role[];
  readonly everywhere: boolean;
  /** What would be shown; null before it is asked for. */
  readonly preview: PreparedAlert | null;
  readonly done: string | null;
  readonly problems: Problems;
}

const STATES: Readonly<Record<AlertView['state'], StateWord>> = {
  coming: { word: 'À venir', shape: 'wait' },
  shown: { word: 'Affichée', shape: 'ok' },
  over: { word: 'Terminée', shape: 'off' },
  withdrawn: { word: 'Retirée', shape: 'off' },
};

export function AlertsPage(view: AlertsView) {
  const { frame, done, problems, preview } = view;
  return (
    <AppPage frame={frame} title="Alertes aux agents" current="/alerts">
      <Done sentence={done} />
      <ErrorSummary problems={problems} />
      <PageHead title="Alertes aux agents">
        <p class="muted">Quelques phrases en haut de chaque page, jusqu’à ce que chacun les ait lues.</p>
      </PageHead>
      <div class="sections">
        {preview !== null && <Preview {...view} preview={preview} />}
        <Form {...view} />
        <Past {...view} />
      </div>
    </AppPage>
  );
}

function Preview({ frame, form, preview }: AlertsView & { readonly preview: PreparedAlert }) {
  const { level, text, organizationName, roles, addressed } = preview;
  return (
    <section aria-labelledby="preview" class="stack">
      <h2 id="preview">Aperçu</h2>
      <AlertPreview level={level} text={text} />
      <p>
        Vue par {plural(addressed, 'agent')}&nbsp;: {organizationName ?? 'tous les services'},{' '}
        {roles.length === 0 ? 'tous les rôles' : roles.map((role) => ROLE_NAMES[role]).join(', ')}.
      </p>
      <form method="post" action="/alerts">
        <FormTokens csrfToken={frame.csrfToken} />
        {(['level', 'alertText', 'organizationId', 'startsOn', 'endsOn'] as const).map((name) => (
          <input key={name} type="hidden" name={name} value={form[name]} />
        ))}
        {form.roles.map((role) => (
          <input key={role} type="hidden" name={`to.${role}`} value="true" />
        ))}
        <button name="act" value="publish">
          Publier l’alerte
        </button>
      </form>
    </section>
  );
}

function Form({ frame, form, services, roles, everywhere, problems, preview }: AlertsView) {
  const all = everywhere ? [{ value: '', label: 'Tous les services' }] : [];
  const field = boundTo(form, problems);
  return (
    <section aria-labelledby="write" class="stack">
      <h2 id="write">{preview === null ? 'Écrire une alerte' : 'Corriger avant de publier'}</h2>
      <form class="form" method="post" action="/alerts">
        <FormTokens csrfToken={frame.csrfToken} />
        <SelectField
          {...field('level')}
          label="Ton"
          options={ALERT_LEVELS.map((level: AlertLevel) => ({ value: level, label: levelWord(level) }))}
        />
        <TextArea
          {...field('alertText')}
          label="Texte"
          attributes={{ rows: 4, maxLength: LONGEST_ALERT, required: true }}
        />
        {services.length > 1 || everywhere ? (
          <SelectField
            {...field('organizationId')}
            label="Service"
            options={[...all, ...namedOptions(services)]}
          />
        ) : (
          <input type="hidden" name="organizationId" value={form.organizationId} />
        )}
        <div class="row">
          <Field {...field('startsOn')} label="Du" attributes={{ type: 'date', required: true }} />
          <Field {...field('endsOn')} label="Au" attributes={{ type: 'date', required: true }} />
        </div>
        <details open={form.roles.length > 0}>
          <summary>Seulement pour certains rôles</summary>
          <fieldset class="check-grid">
            <legend>Rôles (aucun coché&nbsp;: tous)</legend>
            {roles.map((role) => (
              <Check key={role} name={`to.${role}`} id={`to-${role}`} checked={form.roles.includes(role)}>
                {ROLE_NAMES[role]}
              </Check>
            ))}
          </fieldset>
        </details>
        <div class="actions">
          <button name="act" value="preview">
            Voir l’aperçu
          </button>
        </div>
      </form>
    </section>
  );
}

function Past({ frame, alerts }: AlertsView) {
  return (
    <section aria-labelledby="written" class="stack">
      <h2 id="written">Alertes écrites</h2>
      {alerts.length === 0 && <p>Aucune alerte.</p>}
      {alerts.map((alert) => (
        <article key={alert.id} class="card stack">
          <p>
            <State {...STATES[alert.state]} pill /> {levelWord(alert.level)}. {alert.period}.{' '}
            {alert.organizationName ?? 'Tous les services'}
            {alert.roles.length > 0 && `, ${alert.roles.map((role) => ROLE_NAMES[role]).join(', ')}`}
          </p>
          <blockquote>{alert.text}</blockquote>
          <p class="small muted">
            Lue par {alert.readers} sur {plural(alert.addressed, 'agent')}. Écrite par {alert.authorName}.
          </p>
          {(alert.state === 'shown' || alert.state === 'coming') && (
            <form method="post" action={`/alerts/${alert.id}/withdraw`}>
              <FormTokens csrfToken={frame.csrfToken} />
              <button class="secondary">Retirer cette alerte</button>
            </form>
          )}
        </article>
      ))}
    </section>
  );
}
