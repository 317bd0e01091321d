import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check, CheckGroup, idInGroup } from '../../ui/choices.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { type OptionGroup, SelectField } from '../../ui/select-field.js';
import { WEBHOOK_EVENTS } from '../../webhooks/domain/webhook.js';
import { EVENT_WORDS } from './webhook-words.js';
import { WEBHOOKS } from './webhooks.page.js';

export interface WebhookForm {
  readonly organization: string;
  readonly url: string;
  readonly events: readonly string[];
}

export interface WebhookFormView {
  readonly frame: Frame;
  readonly form: WebhookForm;
  readonly organizations: readonly OptionGroup[];
  readonly problems: Problems;
}

export function WebhookFormPage({ frame, form, organizations, problems }: WebhookFormView) {
  const field = boundTo(form, problems);
  return (
    <AppPage frame={frame} title="Ajouter un webhook" current="/console">
      <PageHead title="Ajouter un webhook" back={WEBHOOKS} />
      <form class="form" method="post" action="/console/webhooks">
        <FormTokens csrfToken={frame.csrfToken} />
        <ErrorSummary problems={problems} />
        <SelectField {...field('organization')} label="Service" groups={organizations} />
        <Field
          {...field('url')}
          label="Adresse appelée"
          hint="En https, sur l’Internet. Un appel d’essai part aussitôt, ou quand les envois ne sont plus retenus."
          attributes={{ type: 'url', required: true, maxLength: 500, autocomplete: 'off', spellcheck: false }}
        />
        <CheckGroup id="events" legend="Prévenu de" problems={problems}>
          {WEBHOOK_EVENTS.map((event, at) => (
            <Check
              key={event}
              id={idInGroup('events', at, `event.${event}`)}
              name={`event.${event}`}
              checked={form.events.includes(event)}
            >
              {EVENT_WORDS[event]} <code>{event}</code>
            </Check>
          ))}
        </CheckGroup>
        <div class="actions">
          <button>Ajouter et appeler</button>
          <a href="/console/webhooks">Renoncer</a>
        </div>
      </form>
    </AppPage>
  );
}
