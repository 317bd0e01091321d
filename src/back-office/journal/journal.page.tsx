import type { ComponentChildren } from 'preact';
import { NAMED_MONTHS } from '../../access/domain/journal-actions.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { TableHead } from '../../ui/table-head.js';
import { NBSP } from '../../ui/typography.js';
import type { JournalDay, JournalRow, ReaderRow } from './journal.view.js';

interface JournalView {
  readonly frame: Frame;
  readonly name: string;
  readonly days: readonly JournalDay[];
  /** Address of the older entries, or null. */
  readonly older: string | null;
  /** These are not the newest ones. */
  readonly isLater: boolean;
}

const KEPT = `Les noms sont gardés ${NAMED_MONTHS}${NBSP}mois. Ouvrir cette page est inscrit au journal.`;

export interface PersonJournalView extends JournalView {
  readonly personId: string;
  readonly readers: readonly ReaderRow[];
}

export function PersonJournalPage(view: PersonJournalView) {
  const { frame, name, personId, readers, isLater } = view;
  return (
    <AppPage frame={frame} title="Qui a vu ce dossier" current="/persons/search">
      <PageHead title="Qui a vu ce dossier" back={{ href: `/persons/${personId}`, label: name }}>
        <p class="muted">{KEPT}</p>
      </PageHead>
      <div class="sections">
        {!isLater && <Readers readers={readers} />}
        <Days {...view} />
      </div>
    </AppPage>
  );
}

export interface AgentJournalView extends JournalView {
  readonly agentId: string;
}

export function AgentJournalPage(view: AgentJournalView) {
  const { frame, name, agentId } = view;
  return (
    <AppPage frame={frame} title={`Journal de ${name}`}>
      <PageHead title={`Journal de ${name}`} back={{ href: `/agents/${agentId}`, label: name }}>
        <p class="muted">{KEPT}</p>
      </PageHead>
      <div class="sections">
        <Days {...view} withPerson />
      </div>
    </AppPage>
  );
}

function Readers({ readers }: { readonly readers: readonly ReaderRow[] }) {
  if (readers.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="readers">
      <h2 id="readers">Agents qui ont ouvert ce dossier</h2>
      <Region label="Agents qui ont ouvert ce dossier">
        <table class="journal">
          <TableHead columns={['Agent', 'Service', 'Combien', 'Dernière fois']} />
          <tbody>
            {readers.map(({ who, service, times, days, last }) => (
              <tr key={`${who}${service}`}>
                <th scope="row">{who}</th>
                <td>{service}</td>
                <td>
                  {times}, {days}
                </td>
                <td>{last}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Region>
    </section>
  );
}

function Days(view: JournalView & { readonly withPerson?: boolean }) {
  const { days, older, isLater, withPerson } = view;
  if (days.length === 0) return <p class="muted">{isLater ? 'Rien de plus ancien.' : 'Rien encore.'}</p>;
  return (
    <>
      {days.map(({ date, title, rows }) => (
        <section key={date} class="stack" aria-labelledby={`d${date}`}>
          <h2 id={`d${date}`}>{title}</h2>
          <Region label={title}>
            <Rows title={title} rows={rows} withPerson={withPerson === true} />
          </Region>
        </section>
      ))}
      {older !== null && (
        <p>
          <a class="button secondary" href={older}>
            Plus ancien
          </a>
        </p>
      )}
    </>
  );
}

function Rows(props: {
  readonly title: string;
  readonly rows: readonly JournalRow[];
  readonly withPerson: boolean;
}) {
  const { title, rows, withPerson } = props;
  return (
    <table class="journal">
      <caption class="visually-hidden">{title}</caption>
      <TableHead columns={['Heure', 'Acte', withPerson ? 'Dossier' : 'Par qui']} />
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td class="when">{row.time}</td>
            <td>
              {row.what}
              {row.more !== null && <small class="muted"> {row.more}</small>}
            </td>
            <td>{withPerson ? <Whose whose={row.whose} /> : row.who}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Whose({ whose }: { readonly whose: JournalRow['whose'] }) {
  if (whose === null) return <>–</>;
  return whose.href === null ? <>{whose.name}</> : <a href={whose.href}>{whose.name}</a>;
}

function Region(props: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="scroll" role="region" aria-label={`Tableau, ${props.label}`} tabIndex={0}>
      {props.children}
    </div>
  );
}
