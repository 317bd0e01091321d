import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { type Option, SelectField } from '../../ui/select-field.js';
import { ZONE_OPTIONS } from '../console-organizations/organization-words.js';

export const PLACE_FIELDS = [
  ...['organization', 'name', 'address', 'timeZone', 'phone', 'email', 'contactMethod', 'informationUrl'],
] as const;

export interface PlaceFormProps {
  readonly csrfToken: string;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Of a new place; null: the service does not change. */
  readonly services: readonly Option[] | null;
  readonly problems: Problems;
}

const CONTACTS = [
  { value: 'phone', label: 'Le téléphone' },
  { value: 'email', label: 'L’e-mail' },
];

export function PlaceForm({ csrfToken, action, fields, services, problems }: PlaceFormProps) {
  const field = boundTo(fields, problems);
  return (
    <form class="form" method="post" action={action}>
      <FormTokens csrfToken={csrfToken} />
      <ErrorSummary problems={problems} />
      {services !== null && <SelectField {...field('organization')} label="Service" options={services} />}
      <Field
        {...field('name')}
        label="Nom"
        hint="Comme il se lit dans les messages."
        attributes={{ required: true, maxLength: 120, autocomplete: 'off' }}
      />
      <Field
        {...field('address')}
        label="Adresse"
        attributes={{ required: true, maxLength: 300, autocomplete: 'off' }}
      />
      <SelectField {...field('timeZone')} label="Heure de" options={ZONE_OPTIONS} />
      <div class="fields">
        <Field
          {...field('phone')}
          label="Téléphone"
          attributes={{ type: 'tel', maxLength: 40, autocomplete: 'off' }}
        />
        <Field
          {...field('email')}
          label="E-mail"
          attributes={{ type: 'email', maxLength: 200, autocomplete: 'off' }}
        />
        <SelectField {...field('contactMethod')} label="Les messages donnent" options={CONTACTS} />
      </div>
      <Field
        {...field('informationUrl')}
        label="Page d’information (facultative)"
        attributes={{ type: 'url', maxLength: 300, autocomplete: 'off' }}
      />
      <div class="actions">
        <button>Enregistrer</button>
        <a href="/places">Renoncer</a>
      </div>
    </form>
  );
}
