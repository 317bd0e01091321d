import type { ManagedPlace } from '../../organizations/console/place-console.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Done, State } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { cityOf } from '../../ui/typography.js';
import { CONSOLE } from '../console/console-words.js';
import { doneSentence } from '../done-sentence.js';

export interface PlacesView {
  readonly frame: Frame;
  readonly places: readonly ManagedPlace[];
  readonly hasConsole: boolean;
  readonly done: string | null;
}

export const PLACES = { href: '/places', label: 'Lieux et agendas' };
const DONE: Readonly<Record<string, string>> = {
  saved: 'Le lieu est enregistré.',
  archived: 'Le lieu est archivé\u00a0: on n’y convoque plus.',
};

export function PlacesPage({ frame, places, hasConsole, done }: PlacesView) {
  const told = doneSentence(DONE, done);
  return (
    <AppPage frame={frame} title="Lieux et agendas" current="/places">
      <PageHead
        title="Lieux et agendas"
        back={hasConsole ? CONSOLE : undefined}
        actions={
          <a class="button" href="/places/new">
            Ajouter un lieu
          </a>
        }
      />
      <div class="sections">
        <Done sentence={told} />
        {places.length === 0 ? <p>Aucun lieu pour le moment.</p> : <PlacesTable places={places} />}
      </div>
    </AppPage>
  );
}

function PlacesTable({ places }: Pick<PlacesView, 'places'>) {
  return (
    <table class="blocks">
      <TableHead columns={['Lieu', 'Service', 'Heure de', 'Agendas']} />
      <tbody>
        {places.map((place) => (
          <tr key={place.id}>
            <th scope="row">
              <a href={`/places/${place.id}`}>{place.name}</a>
              {place.isArchived && (
                <>
                  <br />
                  <State word="Archivé" shape="off" />
                </>
              )}
            </th>
            <td data-label="Service">{place.organizationName}</td>
            <td data-label="Heure de">{cityOf(place.timeZone)}</td>
            <td data-label="Agendas">
              {place.agendas
                .filter(({ isArchived }) => !isArchived)
                .map(({ name }) => name)
                .join(', ') || '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
