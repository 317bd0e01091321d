import type { FutureConvocation } from '../../organizations/console/future-convocations.query.js';
import type { ManagedAgenda, ManagedPlace } from '../../organizations/console/place-console.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import type { Option } from '../../ui/select-field.js';
import { Note, State } from '../../ui/state.js';
import { plural } from '../../ui/typography.js';
import { FutureList } from '../console/future-list.js';
import { PlaceForm } from './place-form.js';
import { PLACES } from './places.page.js';

/** Which of the forms of the page was refused. */
export type Refused = 'place' | 'archive' | 'agenda';

export interface PlaceView {
  readonly frame: Frame;
  readonly place: ManagedPlace;
  readonly fields: Readonly<Record<string, string>>;
  readonly mayManageAgendas: boolean;
  readonly future: readonly FutureConvocation[];
  /** Name that was typed for an agenda. */
  readonly agendaName: string;
  readonly refused: Refused | null;
  readonly problems: Problems;
}

export function PlacePage(view: PlaceView) {
  const { frame, place, fields, future, refused, problems } = view;
  return (
    <AppPage frame={frame} title={place.name} current="/places">
      <PageHead title={place.name} back={PLACES}>
        <p class="muted">{place.organizationName}</p>
      </PageHead>
      <div class="sections">
        <ErrorSummary problems={refused === 'archive' ? problems : []} />
        {place.isArchived && (
          <Note shape="off">
            <p>Ce lieu est archivé&nbsp;: on n’y convoque plus.</p>
          </Note>
        )}
        {future.length > 0 && (
          <FutureList
            title={refused === 'place' ? 'Ce qui retient le fuseau' : 'Ce qui empêche d’archiver'}
            future={future}
          />
        )}
        {view.mayManageAgendas && <Agendas {...view} />}
        <section class="stack" aria-labelledby="place">
          <h2 id="place">Le lieu</h2>
          <PlaceForm
            csrfToken={frame.csrfToken}
            action={`/places/${place.id}`}
            fields={fields}
            services={null}
            problems={refused === 'place' ? problems : []}
          />
        </section>
        {!place.isArchived && <Archive {...view} />}
      </div>
    </AppPage>
  );
}

function Agendas({ frame, place, agendaName, refused, problems }: PlaceView) {
  const own = refused === 'agenda' ? problems : [];
  return (
    <section class="stack" aria-labelledby="agendas">
      <h2 id="agendas">Agendas</h2>
      <ErrorSummary problems={own} />
      <ul class="agenda-rows">
        {place.agendas.map((agenda) => (
          <AgendaRow key={agenda.id} frame={frame} place={place} agenda={agenda} />
        ))}
      </ul>
      <form class="form" method="post" action={`/places/${place.id}/agendas`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="agenda" value="" />
        <Field
          name="agendaName"
          label="Un agenda de plus"
          value={agendaName}
          problems={own}
          attributes={{ maxLength: 120, autocomplete: 'off' }}
        />
        <div class="actions">
          <button class="secondary" name="act" value="add">
            Ajouter l’agenda
          </button>
        </div>
      </form>
    </section>
  );
}

function AgendaRow({ frame, place, agenda }: Pick<PlaceView, 'frame' | 'place'> & { agenda: ManagedAgenda }) {
  const id = `agendaName-${agenda.id}`;
  if (agenda.isArchived)
    return (
      <li>
        {agenda.name} <State word="Archivé" shape="off" />
      </li>
    );
  return (
    <li>
      <form method="post" action={`/places/${place.id}/agendas`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="agenda" value={agenda.id} />
        <label class="visually-hidden" for={id}>
          Nom de l’agenda {agenda.name}
        </label>
        <input id={id} name="agendaName" value={agenda.name} maxLength={120} autocomplete="off" />
        <button class="secondary" name="act" value="rename">
          Renommer
        </button>
        <button class="secondary" form={`archive-${agenda.id}`} name="act" value="archive">
          Archiver
        </button>
        <span class="muted">
          {agenda.future === 0
            ? 'Rien à venir'
            : plural(agenda.future, 'convocation à venir', 'convocations à venir')}
        </span>
      </form>
      <form id={`archive-${agenda.id}`} method="post" action={`/places/${place.id}/agendas`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="agenda" value={agenda.id} />
      </form>
    </li>
  );
}

function Archive({ frame, place }: PlaceView) {
  return (
    <section class="stack" aria-labelledby="archive-title">
      <h2 id="archive-title">Archiver le lieu</h2>
      <p class="muted">On n’y convoque plus. Ce qui s’y est passé reste.</p>
      <form method="post" action={`/places/${place.id}/archive`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <div class="actions">
          <button id="archive" class="danger">
            Archiver ce lieu
          </button>
        </div>
      </form>
    </section>
  );
}

export interface NewPlaceView {
  readonly frame: Frame;
  readonly fields: Readonly<Record<string, string>>;
  readonly services: readonly Option[];
  readonly problems: Problems;
}

export function NewPlacePage({ frame, fields, services, problems }: NewPlaceView) {
  return (
    <AppPage frame={frame} title="Ajouter un lieu" current="/places">
      <PageHead title="Ajouter un lieu" back={PLACES} />
      <PlaceForm
        csrfToken={frame.csrfToken}
        action="/places"
        fields={fields}
        services={services}
        problems={problems}
      />
    </AppPage>
  );
}
