import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Done, Note } from '../../ui/state.js';
import { cityOf, dayOfYear, NBSP, plural } from '../../ui/typography.js';
import { hourInWords } from '../../shared/french-dates.js';
import { toLocal } from '../../shared/time.js';
import { Counters } from './counters.js';
import { CallsTable, Doubts, HoldBox, PulseTable } from './engine-now.js';
import { Services } from './services-table.js';
import type { SuretyContent } from './surety.view.js';

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
