import type { SuretyFigures } from '../../notifications/surety/surety.query.js';
import { plural, thousands } from '../../ui/typography.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { euros } from './euros.js';
import type { SuretyContent } from './surety.view.js';
import { secondsBetween } from './verdict.js';
import { durationInWords } from './words.js';

interface Column {
  readonly name: keyof SuretyFigures;
  readonly head: string;
}

const COLUMNS: readonly Column[] = [
  { name: 'due', head: 'Dus' },
  { name: 'onTime', head: 'À l’heure' },
  { name: 'late', head: 'En retard' },
  { name: 'delivered', head: 'Reçus' },
  { name: 'accepted', head: 'Sans accusé' },
  { name: 'undelivered', head: 'Non reçus' },
  { name: 'uncertain', head: 'En vérification' },
  { name: 'expired', head: 'Périmés' },
  { name: 'suppressed', head: 'Sans moyen' },
  { name: 'waiting', head: 'En attente' },
];

export function Services({ services, figures, pulse }: SuretyContent) {
  const ages = services.map(({ oldestDue }) =>
    oldestDue === null ? null : secondsBetween(oldestDue, pulse.now),
  );
  const waits = ages.filter((age) => age !== null);
  return (
    <section class="stack" aria-labelledby="services">
      <h2 id="services">Par service</h2>
      <table class="blocks">
        <TableHead columns={['Service', ...COLUMNS.map(({ head }) => numeric(head)), numeric('Coût')]} />
        <tbody>
          {services.map((service, rank) => (
            <ServiceRow
              key={service.organizationId}
              title={service.organization}
              figures={service}
              oldestDue={ages[rank] ?? null}
            />
          ))}
        </tbody>
        {services.length > 1 && (
          <tfoot>
            <ServiceRow
              title="Ensemble"
              figures={figures}
              oldestDue={waits.length === 0 ? null : Math.max(...waits)}
            />
          </tfoot>
        )}
      </table>
    </section>
  );
}

function ServiceRow({
  title,
  figures,
  oldestDue,
}: {
  readonly title: string;
  readonly figures: SuretyFigures;
  /** Seconds; null when nothing waits. */
  readonly oldestDue: number | null;
}) {
  const { possibleDuplicates } = figures;
  // Beside the name, where there is room for what is rarely so.
  const notes = [
    ...(oldestDue === null ? [] : [`En attente depuis ${durationInWords(oldestDue)}`]),
    ...(possibleDuplicates === 0
      ? []
      : [plural(possibleDuplicates, 'doublon possible', 'doublons possibles')]),
  ];
  return (
    <tr>
      <th scope="row">
        {title}
        {notes.map((note) => (
          <div key={note} class="hint">
            {note}
          </div>
        ))}
      </th>
      {COLUMNS.map(({ name, head }) => (
        <td key={name} class={`num${figures[name] === 0 ? ' muted' : ''}`} data-label={head}>
          {thousands(figures[name])}
        </td>
      ))}
      <td class="num" data-label="Coût">
        {euros(figures.euros)}
      </td>
    </tr>
  );
}
