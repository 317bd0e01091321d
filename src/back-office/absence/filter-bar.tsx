import { namedOptions, SelectField } from '../../ui/select-field.js';
import type { AbsenceFigures } from './absence.view.js';

/** Service, type and period; all of it in the address. */
export function FilterBar({ services, types, service, typeCode, period }: AbsenceFigures) {
  const months = [
    { name: 'from', label: 'Premier mois', value: period.from },
    { name: 'to', label: 'Dernier mois', value: period.to },
  ];
  return (
    <form class="filter-bar" method="get" action="/absence" aria-label="Choisir les chiffres">
      {services.length > 1 ? (
        <SelectField
          name="service"
          label="Service"
          value={service?.id ?? ''}
          options={namedOptions(services)}
        />
      ) : null}
      <SelectField
        name="type"
        label="Type"
        value={typeCode ?? ''}
        options={[
          { value: '', label: 'Tous les types' },
          ...types.map(({ code, name }) => ({ value: code, label: name })),
        ]}
      />
      {months.map(({ name, label, value }) => (
        <div key={name} class="field month">
          <label for={name}>{label}</label>
          <input id={name} name={name} type="month" value={value} placeholder="2026-01" />
        </div>
      ))}
      <button class="secondary">Afficher</button>
    </form>
  );
}
