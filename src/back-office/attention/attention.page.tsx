import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { type DayRow, OutcomeButtons, RowsTable } from '../day-list/day-row.js';
import { ATTENTION_LISTS, type AttentionCounts, type AttentionList } from './attention.query.js';

export const ATTENTION_WORDS: Readonly<Record<AttentionList, { title: string; about: string }>> = {
  'not-reached': {
    title: 'Non joints avant leur date',
    about: 'Aucun message n’est arrivé\u00a0: prévenez la personne autrement, ou corrigez son numéro.',
  },
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

/** Counts, one click each; zeros stay, muted, so that nothing moves. */
export function AttentionCounters({ counts }: { readonly counts: Partial<AttentionCounts> }) {
  return (
    <ul class="attention">
      {ATTENTION_LISTS.filter((list) => counts[list] !== undefined).map((list) => (
        <li key={list}>
          <a href={`/attention/${list}`} class={counts[list] === 0 ? 'none' : undefined}>
            <b>{counts[list]}</b> <span>{ATTENTION_WORDS[list].title}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
