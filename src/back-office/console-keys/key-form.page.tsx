import { API_SCOPES } from '../../access/domain/api-scopes.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check, CheckGroup, idInGroup } from '../../ui/choices.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { type OptionGroup, SelectField } from '../../ui/select-field.js';
import { SCOPE_WORDS, VALID_DAYS } from './key-words.js';

export const KEY_FIELDS = ['organization', 'keyName', 'role', 'validDays'] as const;

export interface KeyForm {
  readonly fields: Readonly<Record<(typeof KEY_FIELDS)[number], string>>;
  readonly scopes: readonly string[];
}

export interface KeyFormView {
  readonly frame: Frame;
  readonly form: KeyForm;
  /** One alone is not asked. */
  readonly organizations: readonly OptionGroup[];
  readonly roles: readonly OptionGroup[];
  readonly problems: Problems;
}

export const KEYS = { href: '/console/keys', label: 'Clés d’API' };

export function KeyFormPage({ frame, form, organizations, roles, problems }: KeyFormView) {
  const { fields } = form;
  const field = boundTo(fields, problems);
  return (
    <AppPage frame={frame} title="Créer une clé" current="/console/keys">
      <PageHead title="Créer une clé" back={KEYS} />
      <form class="form" method="post" action="/console/keys">
        <FormTokens csrfToken={frame.csrfToken} />
        <ErrorSummary problems={problems} />
        <Field
          {...field('keyName')}
          label="À quoi sert la clé"
          hint="Le logiciel qui s’en sert, par exemple « Greffe, import des audiences ». Ne nommez personne."
          attributes={{ required: true, maxLength: 80, autocomplete: 'off' }}
        />
        <div class="fields">
          <SelectField {...field('organization')} label="Service" groups={organizations} />
          <SelectField {...field('role')} label="Agit avec le rôle" groups={roles} />
          <SelectField {...field('validDays')} label="Valable" options={VALID_DAYS} />
        </div>
        <CheckGroup
          id="scopes"
          legend="Ce qu’elle peut faire"
          hint="Jamais plus que le rôle choisi."
          problems={problems}
        >
          {API_SCOPES.map((scope, at) => (
            <Check
              key={scope}
              id={idInGroup('scopes', at, `scope.${scope}`)}
              name={`scope.${scope}`}
              checked={form.scopes.includes(scope)}
            >
              {SCOPE_WORDS[scope]} <code>{scope}</code>
            </Check>
          ))}
        </CheckGroup>
        <div class="actions">
          <button>Créer la clé</button>
          <a href="/console/keys">Renoncer</a>
        </div>
      </form>
    </AppPage>
  );
}
