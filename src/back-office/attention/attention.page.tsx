import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { type DayRow, OutcomeButtons, RowsTable } from '../day-list/day-row.js';
import { ATTENTION_LISTS, type AttentionCounts, type AttentionList } from './attention.query.js';

export const ATTENTION_WORDS: Readonly<Record<AttentionList, { title: string; about: string }>> = {
  unsent: {
    title: 'Messages qui ne sont pas partis',
    about:
      'Depuis 7\u00a0jours\u00a0: périmés, refusés par l’opérateur, ou sans moyen de joindre la personne.',
  },
  unmarked: {
    title: 'Issues à marquer',
    about: 'Convocations passées dont personne n’a dit si la personne est venue.',
  },
};

export interface AttentionView {
  readonly frame: Frame;
  readonly list: AttentionList;
  readonly rows: readonly DayRow[];
}

export function AttentionPage({ frame, list, rows }: AttentionView) {
  const { title, about } = ATTENTION_WORDS[list];
  return (
    <AppPage frame={frame} title={title} current="/">
      <PageHead title={title} back={{ href: '/', label: 'Accueil' }}>
        <p class="muted">{about}</p>
      </PageHead>
      {rows.length === 0 ? (
        <p class="state ok">Rien à faire.</p>
      ) : (
        <RowsTable
          rows={rows}
          caption={title}
          withDay
          outcome={(row) => <OutcomeButtons row={row} csrfToken={frame.csrfToken} />}
        />
      )}
    </AppPage>
  );
}

export interface Counter {
  readonly href: string;
  readonly label: string;
  readonly count: number;
}

/** The lists of convocations, as counters. */
export function attentionCounters(counts: Partial<AttentionCounts>): Counter[] {
  return ATTENTION_LISTS.flatMap((list) => {
    const count = counts[list];
    return count === undefined
      ? []
      : [{ href: `/attention/${list}`, label: ATTENTION_WORDS[list].title, count }];
  });
}

/** Counts, one click each; zeros stay, muted, so that nothing moves. */
export function AttentionCounters({ counters }: { readonly counters: readonly Counter[] }) {
  return (
    <ul class="attention">
      {counters.map(({ href, label, count }) => (
        <li key={label}>
          <a href={href} class={count === 0 ? 'none' : undefined}>
            <b>{count}</b> <span>{label}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
