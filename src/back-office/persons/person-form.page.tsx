import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { MESSAGE_LANGUAGES } from '../../shared/message-languages.js';
import { Check, Choice } from '../../ui/choices.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { SelectField } from '../../ui/select-field.js';

export const PERSON_FIELDS = [
  'lastName',
  'firstName',
  'birthDate',
  'appiNumber',
  'phone',
  'dropPhone',
  'noPhone',
  'smsRefused',
  'email',
  'dropEmail',
  'register',
  'language',
] as const;

/** As typed. */
export type PersonValues = Readonly<Record<(typeof PERSON_FIELDS)[number], string>>;

export const EMPTY_PERSON: PersonValues = {
  lastName: '',
  firstName: '',
  birthDate: '',
  appiNumber: '',
  phone: '',
  dropPhone: '',
  noPhone: '',
  smsRefused: '',
  email: '',
  dropEmail: '',
  register: 'standard',
  language: 'fr',
};

export interface PersonFormView {
  readonly frame: Frame;
  readonly values: PersonValues;
  readonly problems: Problems;
  /** Null for a new one; `version` is what was read, so that nobody's change is overwritten. */
  readonly existing: {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    /** Texts are refused: they resume on a page of their own, with the word of the person. */
    readonly smsRefused: boolean;
    /** What is known, its middle hidden: never written in the form. */
    readonly phone: string | null;
    readonly email: string | null;
  } | null;
}

export function PersonFormPage({ frame, values, problems, existing }: PersonFormView) {
  const title = existing === null ? 'Nouveau probationnaire' : `Modifier ${existing.name}`;
  const action = existing === null ? '/persons/new' : `/persons/${existing.id}/edit`;
  const back =
    existing === null
      ? { href: '/persons/search', label: 'Probationnaires' }
      : { href: `/persons/${existing.id}`, label: `Fiche de ${existing.name}` };
  return (
    <AppPage frame={frame} title={title} current="/persons/search">
      <PageHead title={title} back={back} />
      <ErrorSummary problems={problems} />
      <form class="form" method="post" action={action}>
        <FormTokens csrfToken={frame.csrfToken} />
        {existing !== null && <input type="hidden" name="version" value={existing.version} />}
        <Identity values={values} problems={problems} isNew={existing === null} />
        <Reach values={values} problems={problems} existing={existing} />
        <Register value={values.register} />
        <Language value={values.language} problems={problems} />
        <div class="actions">
          {existing === null ? (
            <>
              <button name="then" value="convoke">
                Enregistrer et convoquer
              </button>
              <button name="then" value="card" class="secondary">
                Enregistrer
              </button>
            </>
          ) : (
            <button>Enregistrer</button>
          )}
        </div>
      </form>
    </AppPage>
  );
}

interface PartProps {
  readonly values: PersonValues;
  readonly problems: Problems;
}

function Identity({ values, problems, isNew }: PartProps & { readonly isNew: boolean }) {
  const text = { autocomplete: 'off', maxLength: 100, required: true };
  const field = boundTo(values, problems);
  return (
    <fieldset>
      <legend>Identité</legend>
      <div class="fields">
        <Field {...field('lastName')} label="Nom" attributes={{ ...text, autofocus: isNew }} />
        <Field {...field('firstName')} label="Prénom" attributes={text} />
        <Field
          {...field('birthDate')}
          label="Date de naissance"
          attributes={{ type: 'date', autocomplete: 'off' }}
        />
        <Field
          {...field('appiNumber')}
          label="N°&nbsp;APPI, s’il est connu"
          attributes={{ autocomplete: 'off', maxLength: 30 }}
        />
      </div>
    </fieldset>
  );
}

function Reach({ values, problems, existing }: PartProps & Pick<PersonFormView, 'existing'>) {
  const field = boundTo(values, problems);
  return (
    <fieldset>
      <legend>Comment la joindre</legend>
      <div class="fields">
        <Field
          {...field('phone')}
          label={existing?.phone == null ? 'Téléphone' : 'Nouveau téléphone'}
          hint={keptHint(existing?.phone, 'Un mobile pour les SMS, écrit comme vous voulez')}
          attributes={{ type: 'tel', autocomplete: 'off', maxLength: 60 }}
        />
        <Field
          {...field('email')}
          label={existing?.email == null ? 'E-mail' : 'Nouvel e-mail'}
          hint={keptHint(existing?.email, 'Sert quand le mobile ne peut pas servir')}
          attributes={{ type: 'email', autocomplete: 'off', maxLength: 254 }}
        />
      </div>
      {existing?.phone != null && (
        <Check name="dropPhone" checked={values.dropPhone === 'true'}>
          Supprimer ce numéro, devenu inconnu
        </Check>
      )}
      {existing?.email != null && (
        <Check name="dropEmail" checked={values.dropEmail === 'true'}>
          Supprimer cette adresse e-mail
        </Check>
      )}
      <Check name="noPhone" checked={values.noPhone === 'true'}>
        Sans téléphone
      </Check>
      {existing?.smsRefused === true ? (
        <p>
          <input type="hidden" name="smsRefused" value="true" />
          Refuse les SMS.{' '}
          <a href={`/persons/${existing.id}/resume-messages`}>Reprendre les SMS, à sa demande</a>
        </p>
      ) : (
        <Check name="smsRefused" checked={values.smsRefused === 'true'}>
          Refuse les SMS
        </Check>
      )}
    </fieldset>
  );
}

/** What is known is not written in the field: left empty, it stays. */
function keptHint(known: string | null | undefined, otherwise: string): string {
  return known == null ? otherwise : `Connu\u00a0: ${known}. Laissez vide pour le garder`;
}

/** By the name its readers give it: they may be looking at the screen too. */
function Language({ value, problems }: { readonly value: string; readonly problems: Problems }) {
  const known = MESSAGE_LANGUAGES.map(({ code, nativeName, name }) => ({
    value: code,
    label: nativeName === name ? name : `${nativeName} (${name})`,
  }));
  // Registered by a program in a language nobody writes here: French is sent, and what is known is kept.
  const other = known.some((option) => option.value === value) ? [] : [{ value, label: value }];
  return (
    <SelectField
      name="language"
      label="Langue des textes"
      options={[...known, ...other]}
      value={value}
      problems={problems}
      hint="Le français part tant que personne n’a relu la traduction"
    />
  );
}

function Register({ value }: { readonly value: string }) {
  return (
    <fieldset>
      <legend>Registre des textes</legend>
      <div class="choices wide">
        <Choice id="register" name="register" value="standard" checked={value !== 'discreet'}>
          <strong>Standard</strong>
          <span class="small muted">Le texte peut nommer le SPIP ou le JAP</span>
        </Choice>
        <Choice id="register-discreet" name="register" value="discreet" checked={value === 'discreet'}>
          <strong>Discret</strong>
          <span class="small muted">Le texte ne nomme jamais la justice</span>
        </Choice>
      </div>
    </fieldset>
  );
}
