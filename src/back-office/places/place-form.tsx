import { ErrorSummary, Field, FormTokens, type Option, type Problems, SelectField } from '../../ui/forms.js';
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
  const value = (name: string) => fields[name] ?? '';
  return (
    <form class="form" method="post" action={action}>
      <FormTokens csrfToken={csrfToken} />
      <ErrorSummary problems={problems} />
      {services !== null && (
        <SelectField
          name="organization"
          label="Service"
          groups={[{ label: 'Service', options: services }]}
          value={value('organization')}
          problems={problems}
        />
      )}
      <Field
        name="name"
        label="Nom"
        hint="Comme il se lit dans les messages."
        value={value('name')}
        problems={problems}
        attributes={{ required: true, maxLength: 120, autocomplete: 'off' }}
      />
      <Field
        name="address"
        label="Adresse"
        value={value('address')}
        problems={problems}
        attributes={{ required: true, maxLength: 300, autocomplete: 'off' }}
      />
      <SelectField
        name="timeZone"
        label="Heure de"
        groups={[{ label: 'Heure de', options: ZONE_OPTIONS }]}
        value={value('timeZone')}
        problems={problems}
      />
      <div class="fields">
        <Field
          name="phone"
          label="Téléphone"
          value={value('phone')}
          problems={problems}
          attributes={{ type: 'tel', maxLength: 40, autocomplete: 'off' }}
        />
        <Field
          name="email"
          label="E-mail"
          value={value('email')}
          problems={problems}
          attributes={{ type: 'email', maxLength: 200, autocomplete: 'off' }}
        />
        <SelectField
          name="contactMethod"
          label="Les messages donnent"
          groups={[{ label: 'Les messages donnent', options: CONTACTS }]}
          value={value('contactMethod')}
          problems={problems}
        />
      </div>
      <Field
        name="informationUrl"
        label="Page d’information (facultatif)"
        value={value('informationUrl')}
        problems={problems}
        attributes={{ type: 'url', maxLength: 300, autocomplete: 'off' }}
      />
      <div class="actions">
        <button>Enregistrer</button>
        <a href="/places">Renoncer</a>
      </div>
    </form>
  );
}
