import { ACTIONS, POSTS, RELATIONS } from '../../access/domain/rights-table.js';
import { relationsOf } from '../../access/domain/rights.js';
import { column, type ExportFile } from '../../ui/exports/export-file.js';
import { ACTION_WORDS, POST_WORDS, RELATION_WORDS } from './right-words.js';

/** One row for each action, one column for each role; an empty cell is a refusal. */
export function rightsExport(madeAt: Date): ExportFile {
  const { text } = column;
  return {
    fileName: 'droits',
    title: 'Droits',
    lines: [],
    madeAt,
    tables: [
      {
        name: 'tableau',
        title: 'Droits',
        columns: [text('Action'), text('Code'), ...POSTS.map((post) => text(POST_WORDS[post]))],
        rows: ACTIONS.map((action) => [
          ACTION_WORDS[action],
          action,
          ...POSTS.map((post) =>
            relationsOf(post, action)
              .map((relation) => RELATION_WORDS[relation].short)
              .join(' + '),
          ),
        ]),
        notes: RELATIONS.map(
          (relation) => `${RELATION_WORDS[relation].short}\u00a0: ${RELATION_WORDS[relation].sentence}`,
        ),
      },
    ],
  };
}
