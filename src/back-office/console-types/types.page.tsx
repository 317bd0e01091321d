import type { AppointmentTypeRow } from '../../organizations/console/change-appointment-type.js';
import { type Role, ROLES_BY_KIND } from '../../access/domain/roles.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check, CheckGroup } from '../../ui/choices.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { SelectField } from '../../ui/select-field.js';
import { Done } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { plural } from '../../ui/typography.js';
import { KIND_WORDS } from '../console-organizations/organization-words.js';
import { CONSOLE } from '../console/console-words.js';
import { ROLE_NAMES } from '../role-names.js';

/** The attributes that are ticked, in the words of the screens. */
export const ATTRIBUTES = {
  needsSlot: 'Se prend dans un créneau ouvert',
  onWeekends: 'Peut tomber un samedi, un dimanche ou un jour férié',
  showsAddress: 'Les messages donnent l’adresse',
  isHearingExit: 'Sortie d’audience\u00a0: un tribunal la prend dans les créneaux de son SPIP',
  isAssigned: 'L’agent qui la prend devient référent',
} as const;
export type Attribute = keyof typeof ATTRIBUTES;

export interface TypesView {
  readonly frame: Frame;
  readonly types: readonly AppointmentTypeRow[];
  readonly isSaved: boolean;
}

export function TypesPage({ frame, types, isSaved }: TypesView) {
  return (
    <AppPage frame={frame} title="Types de convocation" current="/console">
      <PageHead title="Types de convocation" back={CONSOLE} />
      <div class="sections">
        {isSaved && <Done sentence="Le type est enregistré. Ce qui est déjà promis reste promis." />}
        <table class="blocks">
          <TableHead columns={['Type', 'Ce qu’il demande', 'Se tient', 'Pris par']} />
          <tbody>
            {types.map((type) => (
              <tr key={type.code}>
                <th scope="row">
                  <a href={`/console/types/${type.code}`}>{type.name}</a>
                </th>
                <td data-label="Ce qu’il demande">{attributesInWords(type)}</td>
                <td data-label="Se tient">
                  {type.placeKind === null ? 'Partout' : KIND_WORDS[type.placeKind]}
                </td>
                <td data-label="Pris par">
                  {plural(new Set([...type.bookedByTj, ...type.bookedBySpip]).size, 'rôle')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </AppPage>
  );
}

function attributesInWords(type: AppointmentTypeRow): string {
  const held = [
    type.needsSlot ? 'créneau' : 'date libre',
    type.onWeekends ? 'week-end possible' : null,
    type.showsAddress ? null : 'sans adresse',
    type.isHearingExit ? 'sortie d’audience' : null,
    type.isAssigned ? 'donne un référent' : null,
  ];
  return held.filter((word) => word !== null).join(', ');
}

export interface TypeForm {
  readonly name: string;
  readonly placeKind: string;
  readonly version: string;
  readonly attributes: readonly string[];
  readonly roles: readonly string[];
}

export interface TypeView {
  readonly frame: Frame;
  readonly code: string;
  readonly title: string;
  readonly form: TypeForm;
  readonly problems: Problems;
}

const TYPES = { href: '/console/types', label: 'Types de convocation' };

export function TypePage({ frame, code, title, form, problems }: TypeView) {
  const kinds = Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label }));
  const field = boundTo(form, problems);
  return (
    <AppPage frame={frame} title={title} current="/console">
      <PageHead title={title} back={TYPES}>
        <p class="muted">
          <code>{code}</code>. Vaut pour les prochaines convocations, dans tous les services.
        </p>
      </PageHead>
      <form class="form" method="post" action={`/console/types/${code}`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="version" value={form.version} />
        <ErrorSummary problems={problems} />
        <Field
          {...field('name')}
          label="Nom"
          attributes={{ required: true, maxLength: 120, autocomplete: 'off' }}
        />
        <SelectField
          {...field('placeKind')}
          label="Se tient"
          options={[{ value: '', label: 'Partout' }, ...kinds]}
        />
        <fieldset>
          <legend>Ce qu’il demande</legend>
          {Object.entries(ATTRIBUTES).map(([name, sentence]) => (
            <Check key={name} name={`attribute.${name}`} checked={form.attributes.includes(name)}>
              {sentence}
            </Check>
          ))}
        </fieldset>
        <CheckGroup id="bookedBy" legend="Qui peut le prendre" problems={problems}>
          {(['tj', 'spip'] as const).map((kind) => (
            <Roles
              key={kind}
              kind={kind}
              chosen={form.roles}
              group={kind === 'tj' ? 'bookedBy' : undefined}
            />
          ))}
        </CheckGroup>
        <div class="actions">
          <button>Enregistrer</button>
          <a href="/console/types">Renoncer</a>
        </div>
      </form>
    </AppPage>
  );
}

function Roles(props: {
  readonly kind: 'tj' | 'spip';
  readonly chosen: readonly string[];
  /** That the first role stands for; undefined: another fieldset holds the first. */
  readonly group: string | undefined;
}) {
  const { kind, chosen, group } = props;
  const roles = ROLES_BY_KIND[kind].filter((role: Role) => role !== 'admin');
  return (
    <fieldset>
      <legend>{KIND_WORDS[kind]}</legend>
      <div class="check-grid">
        {roles.map((role, at) => (
          <Check
            key={role}
            id={at === 0 ? group : undefined}
            name={`role.${kind}.${role}`}
            checked={chosen.includes(`${kind}.${role}`)}
          >
            {ROLE_NAMES[role]}
          </Check>
        ))}
      </div>
    </fieldset>
  );
}
