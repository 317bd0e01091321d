import type { OrganizationRow } from '../../organizations/console/organization-console.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Done } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { cityOf, thousands } from '../../ui/typography.js';
import { CONSOLE } from '../console/console-words.js';
import { KIND_WORDS } from './organization-words.js';

export interface OrganizationsView {
  readonly frame: Frame;
  readonly organizations: readonly OrganizationRow[];
  readonly isSaved: boolean;
  /** What another calendar did to the messages; null when none was chosen. */
  readonly effects: readonly string[] | null;
}

export const ORGANIZATIONS = { href: '/console/organizations', label: 'Services' };

export function OrganizationsPage({ frame, organizations, isSaved, effects }: OrganizationsView) {
  return (
    <AppPage frame={frame} title="Services" current="/console">
      <PageHead
        title="Services"
        back={CONSOLE}
        actions={
          <a class="button" href="/console/organizations/new">
            Ajouter un service
          </a>
        }
      />
      <div class="sections">
        {isSaved && <Done sentence={savedSentence(effects)} />}
        <table class="blocks">
          <TableHead
            columns={['Service', 'Heure de', 'Lié à', 'Siège', numeric('Agents'), numeric('Lieux')]}
          />
          <tbody>
            {organizations.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <a href={`/console/organizations/${one.id}`}>{one.name}</a>
                  <br />
                  <span class="muted">
                    {KIND_WORDS[one.kind]}
                    {one.isInterRessort ? ', inter-ressort' : ''}
                  </span>
                </th>
                <td data-label="Heure de">{cityOf(one.timeZone)}</td>
                <td data-label="Lié à">{one.links.length === 0 ? '–' : one.links.join(', ')}</td>
                <td data-label="Siège">{one.headquarters ?? '–'}</td>
                <td class="num" data-label="Agents">
                  {thousands(one.agents)}
                </td>
                <td class="num" data-label="Lieux">
                  {thousands(one.places)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </AppPage>
  );
}

function savedSentence(effects: OrganizationsView['effects']): string {
  const saved = 'Le service est enregistré.';
  if (effects === null) return saved;
  return `${saved} Jours fériés\u00a0: ${effects.join(', ')}. Ce qui est déjà parti ne change pas.`;
}
