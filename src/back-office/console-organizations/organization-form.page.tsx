import type { FutureConvocation } from '../../organizations/console/future-convocations.query.js';
import type { OrganizationRow } from '../../organizations/console/organization-console.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check, CheckGroup, idInGroup } from '../../ui/choices.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { FutureList } from '../console/future-list.js';
import { CALENDAR_OPTIONS, KIND_WORDS, ZONE_OPTIONS } from './organization-words.js';
import { ORGANIZATIONS } from './organizations.page.js';

export const ORGANIZATION_FIELDS = [
  ...['name', 'kind', 'timeZone', 'calendar', 'email', 'headquarters', 'newHeadquarters', 'interRessort'],
  ...['siret', 'emailDomains'],
] as const;

export interface OrganizationForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly linkIds: readonly string[];
}

export interface OrganizationFormView {
  readonly frame: Frame;
  /** Null: a new one. */
  readonly one: OrganizationRow | null;
  readonly form: OrganizationForm;
  readonly others: readonly OrganizationRow[];
  readonly headquarters: readonly { readonly id: string; readonly name: string }[];
  /** What keeps the zone from changing. */
  readonly future: readonly FutureConvocation[];
  readonly problems: Problems;
}

export function OrganizationFormPage(view: OrganizationFormView) {
  const { frame, one, form, problems, headquarters, future } = view;
  const title = one?.name ?? 'Ajouter un service';
  const field = boundTo(form.fields, problems);
  return (
    <AppPage frame={frame} title={title} current="/console">
      <PageHead title={title} back={ORGANIZATIONS}>
        {one !== null && <p class="muted">{KIND_WORDS[one.kind]}</p>}
      </PageHead>
      <div class="sections">
        {future.length > 0 && <FutureList title="Ce qui retient le fuseau" future={future} />}
        <form
          class="form"
          method="post"
          action={one === null ? '/console/organizations' : `/console/organizations/${one.id}`}
        >
          <FormTokens csrfToken={frame.csrfToken} />
          <ErrorSummary problems={problems} />
          <Field
            {...field('name')}
            label="Nom"
            attributes={{ required: true, maxLength: 120, autocomplete: 'off' }}
          />
          <div class="fields">
            {one === null && <SelectField {...field('kind')} label="Sorte" options={kindOptions()} />}
            <SelectField {...field('timeZone')} label="Heure de" options={ZONE_OPTIONS} />
            <SelectField {...field('calendar')} label="Jours fériés" options={CALENDAR_OPTIONS} />
          </div>
          <Field
            {...field('email')}
            label="E-mail du service (facultatif)"
            attributes={{ type: 'email', maxLength: 200, autocomplete: 'off' }}
          />
          <Links {...view} />
          <div class="fields">
            <SelectField
              {...field('headquarters')}
              label="Siège"
              options={headquartersOptions(headquarters)}
            />
            <Field
              {...field('newHeadquarters')}
              label="Ou un nouveau siège"
              attributes={{ maxLength: 120, autocomplete: 'off' }}
            />
          </div>
          <Check name="interRessort" checked={form.fields['interRessort'] === 'true'}>
            Inter-ressort&nbsp;: son bureau de l’exécution des peines convoque pour toute la France.
          </Check>
          <ProviderFields {...view} />
          <div class="actions">
            <button>Enregistrer</button>
            <a href="/console/organizations">Renoncer</a>
          </div>
        </form>
      </div>
    </AppPage>
  );
}

function ProviderFields({ form, problems }: OrganizationFormView) {
  const field = boundTo(form.fields, problems);
  return (
    <fieldset>
      <legend>Première connexion par ProConnect</legend>
      <p class="hint">
        Un agent invité n’est reconnu que s’il vient d’ici&nbsp;: du SIRET s’il est donné, sinon d’un de ces
        domaines d’adresse. Sans l’un ni l’autre, personne de ce service ne se connecte par ProConnect.
      </p>
      <div class="fields">
        <Field
          {...field('siret')}
          label="SIRET (facultatif)"
          attributes={{ inputMode: 'numeric', maxLength: 20, autocomplete: 'off' }}
        />
        <Field
          {...field('emailDomains')}
          label="Domaines d’adresse, séparés par des virgules"
          attributes={{ maxLength: 1000, autocomplete: 'off' }}
        />
      </div>
    </fieldset>
  );
}

function Links({ one, form, others, problems }: OrganizationFormView) {
  const candidates = one === null ? others : others.filter(({ kind }) => kind !== one.kind);
  const legend = one === null ? 'Lié à' : one.kind === 'tj' ? 'SPIP liés' : 'Tribunaux liés';
  return (
    <CheckGroup
      id="links"
      legend={legend}
      hint="Un tribunal se lie à des SPIP, un SPIP à des tribunaux."
      problems={problems}
    >
      <div class="check-grid">
        {candidates.map(({ id, name }, at) => (
          <Check
            key={id}
            id={idInGroup('links', at, `link.${id}`)}
            name={`link.${id}`}
            checked={form.linkIds.includes(id)}
          >
            {name}
          </Check>
        ))}
      </div>
    </CheckGroup>
  );
}

function kindOptions() {
  return Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label }));
}

function headquartersOptions(headquarters: OrganizationFormView['headquarters']) {
  return [{ value: '', label: 'Aucun' }, ...namedOptions(headquarters)];
}
