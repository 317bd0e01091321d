import type { SuretyFigures } from '../../notifications/surety/surety.query.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Done, Note, type Shape, State } from '../../ui/state.js';
import { cityOf, dayOfYear, NBSP, plural, thousands } from '../../ui/typography.js';
import { hourInWords } from '../../shared/french-dates.js';
import { toLocal } from '../../shared/time.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { CallsTable, Doubts, HoldBox, PulseTable } from './engine-now.js';
import { euros } from './euros.js';
import type { SuretyContent } from './surety.view.js';
import { secondsBetween } from './verdict.js';
import { durationInWords } from './words.js';

export interface SuretyView extends SuretyContent {
  readonly frame: Frame;
  /** What has just been done. */
  readonly done: 'held' | 'released' | null;
}

const TITLE = 'Sûreté des envois';
const DONE = {
  held: 'Les envois sont retenus.',
  released: 'Les envois reprennent, dans l’ordre de leurs heures.',
} as const;

export function SuretyPage(view: SuretyView) {
  const { frame, days, done, services, calls } = view;
  return (
    <AppPage frame={frame} title={TITLE} current="/surety">
      <PageHead title={TITLE} actions={<Actions days={days} />}>
        <p class="muted">{periodWords(view)}</p>
      </PageHead>
      <div class="sections">
        {done !== null && <Done sentence={DONE[done]} />}
        <Balance {...view} />
        <ManyReaders {...view} />
        <Counters {...view} />
        <div class="split even">
          <PulseTable {...view} />
          <div class="sections">
            <Doubts {...view} />
            <HoldBox {...view} />
          </div>
        </div>
        {services.length > 0 && <Services {...view} />}
        {calls.length > 0 && <CallsTable calls={calls} />}
      </div>
    </AppPage>
  );
}

/** « Du dimanche 7 juin 10 h 12 au lundi 8 juin 10 h 12 (Paris) ». */
function periodWords({ days, office }: SuretyView): string {
  const at = (hours: number) => {
    const { date, time } = toLocal(office.now.subtract({ hours }), office.timeZone);
    return `${dayOfYear(date)} ${hourInWords(time)}`;
  };
  return `Messages dont l’heure est venue du ${at(days * 24)} au ${at(0)} (${cityOf(office.timeZone)})`;
}

function Actions({ days }: { readonly days: number }) {
  return (
    <>
      <a class="button secondary" href={days === 1 ? '/surety?days=7' : '/surety'}>
        {days === 1 ? `7${NBSP}jours` : `24${NBSP}heures`}
      </a>
      <a class="button secondary" href={`/surety/figures.csv?days=${days}`}>
        CSV
      </a>
    </>
  );
}

/** Security beside surety: somebody reads far more than a day's work asks for. */
function ManyReaders({ manyReaders }: SuretyView) {
  if (manyReaders.length === 0) return null;
  return (
    <Note shape="warn">
      <div class="stack">
        <p class="state warn">Beaucoup de dossiers ouverts en 24{NBSP}heures</p>
        <ul>
          {manyReaders.map(({ agentId, agentName, files }) => (
            <li key={agentId}>
              <a href={`/agents/${agentId}/journal`}>{agentName}</a>
              {NBSP}: {plural(files, 'dossier')}
            </li>
          ))}
        </ul>
      </div>
    </Note>
  );
}

function Balance({ verdict }: SuretyView) {
  return (
    <section aria-label="Bilan">
      <p class={`verdict state ${verdict.shape}`}>
        <span>
          <strong>{verdict.strong}</strong>
          {verdict.rest.map((sentence) => ` ${sentence}`)}
        </span>
      </p>
    </section>
  );
}

type Name = keyof SuretyFigures;
interface Counter {
  readonly name: Name;
  readonly word: string;
  /** Behind a count: of one, of several. */
  readonly after?: readonly [one: string, many: string];
  readonly shape: Shape;
}

/** What a due message became: these add up to `due`. */
const PARTS: readonly Counter[] = [
  { name: 'delivered', word: 'Reçus', after: ['reçu', 'reçus'], shape: 'ok' },
  { name: 'accepted', word: 'Remis, sans accusé', after: ['remis', 'remis'], shape: 'half wait' },
  { name: 'undelivered', word: 'Non reçus', after: ['non reçu', 'non reçus'], shape: 'bad' },
  {
    name: 'uncertain',
    word: 'En vérification',
    after: ['en vérification', 'en vérification'],
    shape: 'doubt warn',
  },
  { name: 'expired', word: 'Périmés', after: ['périmé', 'périmés'], shape: 'bad' },
  {
    name: 'suppressed',
    word: 'Sans moyen d’envoi',
    after: ['sans moyen d’envoi', 'sans moyen d’envoi'],
    shape: 'off',
  },
  { name: 'waiting', word: 'En attente', after: ['en attente', 'en attente'], shape: 'wait' },
];
const OTHERS: readonly Counter[] = [
  { name: 'late', word: 'Partis en retard', shape: 'warn' },
  { name: 'possibleDuplicates', word: 'Doublons possibles', shape: 'warn' },
];

function wordOf({ name, word }: Counter, held: boolean): string {
  return name === 'waiting' && held ? 'Retenus' : word;
}

function Counters({ figures, hold, services }: SuretyView) {
  const held = hold !== null;
  const shape = ({ name, shape: usual }: Counter): Shape =>
    figures[name] === 0 && usual !== 'half wait' ? 'ok' : usual;
  const shown = [...PARTS.filter(({ name }) => name !== 'waiting' || figures.waiting > 0), ...OTHERS];
  const summed = PARTS.filter(({ name }) => figures[name] > 0);
  return (
    <section aria-labelledby="counters">
      <h2 id="counters" class="visually-hidden">
        Compteurs
      </h2>
      <dl class="counters">
        <div>
          <dt>Dus</dt>
          <dd>{thousands(figures.due)}</dd>
        </div>
        {shown.map((counter) => (
          <div key={counter.name}>
            <dt>
              <State word={wordOf(counter, held)} shape={shape(counter)} />
            </dt>
            <dd>{thousands(figures[counter.name])}</dd>
          </div>
        ))}
        <div>
          <dt>Coût</dt>
          <dd>{euros(figures.euros)}</dd>
        </div>
      </dl>
      {figures.due > 0 && (
        <p class="hint">
          {plural(figures.due, 'dû', 'dus')} ={' '}
          {summed
            .map(({ name, after: [one, many] = ['', ''] }) => plural(figures[name], one, many))
            .join(' + ')}
          {figures.withdrawn > 0 &&
            `. À part${NBSP}: ${plural(figures.withdrawn, 'retiré', 'retirés')}, la convocation ayant changé`}
          {services.length > 0 &&
            `. Coût${NBSP}: parties prises par l’opérateur, au prix noté par le service`}
          .
        </p>
      )}
    </section>
  );
}

interface Column {
  readonly name: Name;
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

function Services({ services, figures, pulse }: SuretyView) {
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
