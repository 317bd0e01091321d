import type { Colleague } from '../../agents/agent.queries.js';
import type { Followed, Heirs } from '../../notifications/hand-over/hand-over.js';
import { FieldError, type Problems } from '../../ui/forms.js';
import { namedOptions, type Option, SelectField } from '../../ui/select-field.js';
import { dayOfYear, hourAt, plural } from '../../ui/typography.js';
import { fullName } from '../persons/person-words.js';

/** Rows of each list that can be chosen one by one; the rest goes to the colleague chosen for all. */
export const MOST_NAMED = 200;
const SERVICE = 'service';

export interface HeirsView {
  readonly followed: Followed;
  readonly colleagues: readonly Colleague[];
  readonly timeZone: string;
  /** Values of `heir` and `heir.<id>` as typed. */
  readonly heir: string;
  readonly named: ReadonlyMap<string, string>;
  readonly problems: Problems;
}

/** Who takes over: one name for all, another one where it should be another. */
export function HeirsFields(view: HeirsView) {
  const { followed, colleagues, heir, problems } = view;
  const { persons, convocations } = followed;
  if (persons.length + convocations.length === 0)
    return (
      <>
        <input type="hidden" name="heir" value={SERVICE} />
        <p class="state ok">Aucun suivi ni convocation à confier.</p>
      </>
    );
  const names = namedOptions(colleagues);
  const back = { value: SERVICE, label: 'Rendre au service, sans référent' };
  return (
    <>
      <SelectField
        name="heir"
        label={`Qui reprend ${plural(persons.length, 'suivi')} et ${plural(convocations.length, 'convocation')}`}
        value={heir}
        problems={problems}
        options={[{ value: '', label: 'Choisir…' }, ...names, back]}
      />
      <Exceptions {...view} options={[{ value: '', label: 'Comme ci-dessus' }, ...names, back]} />
    </>
  );
}

function Exceptions({
  followed,
  named,
  timeZone,
  options,
  problems,
}: HeirsView & { readonly options: readonly Option[] }) {
  const { persons, convocations } = followed;
  const row = (id: string, label: string) => (
    <div class="heir" key={id}>
      <label for={`heir-${id}`}>{label}</label>
      <select id={`heir-${id}`} name={`heir.${id}`}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === (named.get(id) ?? '')}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
  return (
    <details open={[...named.values()].some((value) => value !== '')}>
      <summary>Choisir personne par personne</summary>
      <FieldError problems={problems} id="heir" />
      {persons.length > 0 && (
        <fieldset>
          <legend>Personnes suivies</legend>
          {persons.slice(0, MOST_NAMED).map((person) => row(person.id, fullName(person)))}
        </fieldset>
      )}
      {convocations.length > 0 && (
        <fieldset>
          <legend>Convocations à venir ou à marquer</legend>
          {convocations
            .slice(0, MOST_NAMED)
            .map((one) =>
              row(
                one.id,
                `${fullName(one)}, ${one.typeName}, ${dayOfYear(one.date)} à ${hourAt(one.time, one.timeZone, timeZone)}`,
              ),
            )}
        </fieldset>
      )}
      {Math.max(persons.length, convocations.length) > MOST_NAMED && (
        <p class="hint">Au-delà de {MOST_NAMED} lignes, le choix du haut s’applique.</p>
      )}
    </details>
  );
}

/** @returns null when nobody was chosen for all */
export function heirsOf(heir: string, named: ReadonlyMap<string, string>): Heirs | null {
  if (heir === '') return null;
  const read = (value: string) => (value === SERVICE ? null : value);
  const chosen = [...named]
    .filter(([, value]) => value !== '')
    .map(([id, value]) => [id, read(value)] as const);
  return { byDefault: read(heir), named: Object.fromEntries(chosen) };
}
