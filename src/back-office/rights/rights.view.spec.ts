import { h } from 'preact';
import { ACTIONS, POSTS, RELATIONS } from '../../access/domain/rights-table.js';
import { relationsOf } from '../../access/domain/rights.js';
import { renderPage } from '../../ui/render-page.js';
import { RELATION_WORDS } from './right-words.js';
import { rightsExport } from './rights-export.js';
import { RightsPage } from './rights.page.js';
import { rightsView } from './rights.view.js';

const frame = {
  ...{ agentName: 'Ada', organizationName: 'SPIP', csrfToken: 't', roleName: 'DPIP' },
  ...{ nav: [], alerts: [], impersonation: null },
};

describe('the page for auditors', () => {
  it('says of every action and every role what the table says, nothing more and nothing less', () => {
    const { families, subjects } = rightsView(undefined);
    const columns = families.flatMap((family) => family.columns);
    const rows = subjects.flatMap((subject) => subject.rows);
    expect(columns.flatMap(({ posts }) => posts).toSorted()).toEqual([...POSTS].toSorted());
    expect(rows.map(({ action }) => action).toSorted()).toEqual([...ACTIONS].toSorted());
    for (const { action, cells } of rows)
      for (const [at, { posts }] of columns.entries())
        for (const post of posts)
          expect([action, post, cells[at]]).toEqual([action, post, relationsOf(post, action)]);
  });

  it('writes each cell in words, a refusal too', () => {
    for (const post of POSTS) {
      const html = renderPage(h(RightsPage, { frame, view: rightsView(post) }));
      const cells = [...html.matchAll(/<td\b([^>]*)>([\s\S]*?)<\/td>/g)].map(([, , inside = '']) => inside);
      const refused = ACTIONS.filter((action) => relationsOf(post, action).length === 0).length;
      expect(cells).toHaveLength(ACTIONS.length);
      expect(cells.filter((cell) => cell.includes('refusé'))).toHaveLength(refused);
      for (const relation of RELATIONS) {
        const { short } = RELATION_WORDS[relation];
        const given = ACTIONS.filter((action) => relationsOf(post, action).includes(relation)).length;
        expect([relation, cells.filter((cell) => cell.includes(`</span> ${short} `)).length]).toEqual([
          relation,
          given,
        ]);
      }
    }
  });

  it('is taken away whole, a row for each action and a column for each role', () => {
    const [table] = rightsExport(new Date(0)).tables;
    expect(table?.columns).toHaveLength(2 + POSTS.length);
    expect(table?.rows.map(([, code]) => code)).toEqual(ACTIONS);
    for (const [at, action] of ACTIONS.entries())
      expect(table?.rows[at]?.slice(2)).toEqual(
        POSTS.map((post) =>
          relationsOf(post, action)
            .map((relation) => RELATION_WORDS[relation].short)
            .join(' + '),
        ),
      );
  });
});
