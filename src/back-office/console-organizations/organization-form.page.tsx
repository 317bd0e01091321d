import type { FutureConvocation } from '../../organizations/console/future-convocations.query.js';
import type { OrganizationRow } from '../../organizations/console/organization-console.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import {
  Check,
  ErrorSummary,
  Field,
  FieldError,
  FormTokens,
  type Problems,
  SelectField,
} from '../../ui/forms.js';
import { FutureList } from '../console/future-list.js';
import { CALENDAR_OPTIONS, KIND_WORDS, ZONE_OPTIONS } from './organization-words.js';
import { ORGANIZATIONS } from './organizations.page.js';

export const ORGANIZATION_FIELDS = [
  ...['name', 'kind', 'timeZone', 'calendar', 'email', 'headquarters', 'newHeadquarters', 'interRessort'],
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
  const value = (name: string) => form.fields[name] ?? '';
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
            name="name"
            label="Nom"
            value={value('name')}
            problems={problems}
            attributes={{ required: true, maxLength: 120, autocomplete: 'off' }}
          />
          <div class="fields">
            {one === null && (
              <SelectField
                name="kind"
                label="Sorte"
                groups={[{ label: 'Sorte', options: kindOptions() }]}
                value={value('kind')}
                problems={problems}
              />
            )}
            <SelectField
              name="timeZone"
              label="Heure de"
              groups={[{ label: 'Heure de', options: ZONE_OPTIONS }]}
              value={value('timeZone')}
              problems={problems}
            />
            <SelectField
              name="calendar"
              label="Jours fériés"
              groups={[{ label: 'Jours fériés', options: CALENDAR_OPTIONS }]}
              value={value('calendar')}
              problems={problems}
            />
          </div>
          <Field
            name="email"
            label="E-mail du service (facultatif)"
            value={value('email')}
            problems={problems}
            attributes={{ type: 'email', maxLength: 200, autocomplete: 'off' }}
          />
          <Links {...view} />
          <div class="fields">
            <SelectField
              name="headquarters"
              label="Siège"
              groups={[{ label: 'Siège', options: headquartersOptions(headquarters) }]}
              value={value('headquarters')}
              problems={problems}
            />
            <Field
              name="newHeadquarters"
              label="Ou un nouveau siège"
              value={value('newHeadquarters')}
              problems={problems}
              attributes={{ maxLength: 120, autocomplete: 'off' }}
            />
          </div>
          <Check name="interRessort" checked={value('interRessort') === 'true'}>
            Inter-ressort&nbsp;: son bureau de l’exécution des peines convoque pour toute la France.
          </Check>
          <div class="actions">
            <button>Enregistrer</button>
            <a href="/console/organizations">Renoncer</a>
          </div>
        </form>
      </div>
    </AppPage>
  );
}

function Links({ one, form, others, problems }: OrganizationFormView) {
  const candidates = one === null ? others : others.filter(({ kind }) => kind !== one.kind);
  const legend = one === null ? 'Lié à' : one.kind === 'tj' ? 'SPIP liés' : 'Tribunaux liés';
  return (
    <fieldset id="links">
      <legend>{legend}</legend>
      <p class="hint">Un tribunal se lie à des SPIP, un SPIP à des tribunaux.</p>
      <FieldError problems={problems} id="links" />
      <div class="check-grid">
        {candidates.map(({ id, name }) => (
          <Check key={id} name={`link.${id}`} checked={form.linkIds.includes(id)}>
            {name}
          </Check>
        ))}
      </div>
    </fieldset>
  );
}

function kindOptions() {
  return Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label }));
}

function headquartersOptions(headquarters: OrganizationFormView['headquarters']) {
  return [{ value: '', label: 'Aucun' }, ...headquarters.map(({ id, name }) => ({ value: id, label: name }))];
}
