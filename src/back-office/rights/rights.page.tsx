import { type Post, POSTS, RELATIONS, type Relation } from '../../access/domain/rights-table.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { POST_WORDS, RELATION_WORDS } from './right-words.js';
import type { Family, RightRow, RightsView } from './rights.view.js';

export function RightsPage({ frame, view }: { readonly frame: Frame; readonly view: RightsView }) {
  const title = 'Droits';
  return (
    <AppPage frame={frame} title={title} current="/rights">
      <PageHead title={title}>
        <p class="muted">
          Ce tableau est la règle que l’application applique, lue dans son code. Ce qui n’y est pas est
          refusé. Ce qui relève d’un autre service répond comme ce qui n’existe pas.
        </p>
      </PageHead>
      <PostFilter chosen={view.chosen} />
      <Legend />
      {view.subjects.map(({ title: subject, rows }) => (
        <SubjectTable key={subject} title={subject} families={view.families} rows={rows} />
      ))}
      <section class="stack take-away" aria-labelledby="take-away">
        <h2 id="take-away">À emporter</h2>
        <p>
          <a href="/rights/export" download>
            Tout le tableau, CSV
          </a>
        </p>
      </section>
    </AppPage>
  );
}

function PostFilter({ chosen }: { readonly chosen: Post | null }) {
  return (
    <form class="form filter in-line" method="get" action="/rights">
      <div class="fields">
        <div class="field">
          <label for="role">Rôle</label>
          <select id="role" name="role">
            <option value="">Tous</option>
            {POSTS.map((post) => (
              <option key={post} value={post} selected={post === chosen}>
                {POST_WORDS[post]}
              </option>
            ))}
          </select>
        </div>
      </div>
      <button type="submit" class="secondary">
        Afficher
      </button>
    </form>
  );
}

function Legend() {
  return (
    <section aria-labelledby="legend">
      <h2 id="legend">Ce que disent les signes</h2>
      <dl class="rights-legend">
        {RELATIONS.map((relation) => {
          const { sign, short, sentence } = RELATION_WORDS[relation];
          return (
            <div key={relation}>
              <dt>
                <span aria-hidden="true">{sign}</span> {short}
              </dt>
              <dd>{sentence}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

interface SubjectTableProps {
  readonly title: string;
  readonly families: readonly Family[];
  readonly rows: readonly RightRow[];
}

function SubjectTable({ title, families, rows }: SubjectTableProps) {
  const columns = families.flatMap((family) => family.columns);
  const className = columns.length > 2 ? 'rights' : 'rights narrow';
  return (
    <section>
      <div class="scroll" role="region" aria-label={`Tableau des droits\u00a0: ${title}`} tabIndex={0}>
        <table class={className}>
          <caption>
            <h2>{title}</h2>
          </caption>
          <thead>
            {columns.length > 1 && (
              <tr>
                <td />
                {families.map((family) => (
                  <th key={family.title} scope="colgroup" colSpan={family.columns.length}>
                    {family.title}
                  </th>
                ))}
              </tr>
            )}
            <tr>
              <th scope="col">Action</th>
              {columns.map(({ label }) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ action, label, cells }) => (
              <tr key={action}>
                <th scope="row">{label}</th>
                {cells.map((relations, at) => (
                  <Cell key={columns[at]?.label} relations={relations} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ relations }: { readonly relations: readonly Relation[] }) {
  if (relations.length === 0)
    return (
      <td class="none">
        <span aria-hidden="true">–</span>
        <span class="visually-hidden">refusé</span>
      </td>
    );
  return (
    <td>
      {relations.map((relation) => (
        <span key={relation} class="relation">
          <span aria-hidden="true">{RELATION_WORDS[relation].sign}</span>{' '}
          {RELATION_WORDS[relation].short}{' '}
        </span>
      ))}
    </td>
  );
}
