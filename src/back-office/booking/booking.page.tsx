import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Choice, ChoiceGroup } from '../../ui/choices.js';
import { ErrorSummary, FormTokens } from '../../ui/forms.js';
import { type OptionGroup, SelectField } from '../../ui/select-field.js';
import { MESSAGES_ID, problemsAt, typeId, typesId } from './booking-controls.js';
import { refresh, reload } from './live-form.js';
import { Preview, type PreviewView } from './preview.js';
import { Seats, type SeatsView } from './seats.js';

export interface BookingView extends SeatsView {
  readonly frame: Frame;
  readonly personId: string;
  readonly personName: string;
  readonly about: string;
  /** Booking, or moving a booked one: then the type is given and messages tell the change. */
  readonly moves: { readonly convocationId: string; readonly from: string } | null;
  readonly types: readonly { readonly code: string; readonly name: string }[];
  readonly typeCode: string;
  readonly agendas: readonly OptionGroup[];
  readonly agenda: string;
  readonly agendaHint: string;
  readonly notify: boolean;
  readonly preview: PreviewView | null;
  readonly confirm: { readonly promise: string; readonly where: string } | null;
}

export function BookingPage(view: BookingView) {
  const { frame, moves, personId, personName } = view;
  const title = moves === null ? `Convoquer ${personName}` : `Déplacer la convocation de ${personName}`;
  const back =
    moves === null
      ? { href: `/persons/${personId}`, label: `Fiche de ${personName}` }
      : { href: `/convocations/${moves.convocationId}`, label: 'La convocation' };
  return (
    <AppPage frame={frame} title={title} current="/persons/search" live>
      <PageHead title={title} back={back}>
        <p class="muted">{moves === null ? view.about : `Elle est prévue ${moves.from}.`}</p>
      </PageHead>
      <BookingForm {...view} problems={problemsAt(view)} />
    </AppPage>
  );
}

/** Where the form goes. */
function actionOf({ moves, personId }: BookingView): string {
  return moves === null ? `/persons/${personId}/convoke` : `/convocations/${moves.convocationId}/reschedule`;
}

function BookingForm(view: BookingView) {
  return (
    <form class="booking" id="booking" method="post" action={actionOf(view)}>
      <FormTokens csrfToken={view.frame.csrfToken} />
      <div class="steps">
        <ErrorSummary problems={view.problems} />
        {view.moves === null && <Types {...view} />}
        <Place {...view} />
        <Seats view={view} action={actionOf(view)} />
        <Messages {...view} />
        <noscript>
          <button class="secondary" formaction={`${actionOf(view)}/preview`} formnovalidate>
            Actualiser les créneaux et les textes
          </button>
        </noscript>
      </div>
      <Preview preview={view.preview} />
      <Confirm {...view} />
    </form>
  );
}

const SHOWN_TYPES = 4;

function Types(view: BookingView) {
  const { types, typeCode, problems } = view;
  const at = types.findIndex(({ code }) => code === typeCode);
  const first =
    at < SHOWN_TYPES
      ? types.slice(0, SHOWN_TYPES)
      : [...types.slice(0, SHOWN_TYPES - 1), ...types.slice(at, at + 1)];
  const others = types.filter((type) => !first.includes(type));
  return (
    <ChoiceGroup id={typesId(types)} legend="Type" problems={problems} attributes={reload(actionOf(view))}>
      <div class="choices wide">{first.map((type) => typeChoice(type, typeCode))}</div>
      {others.length > 0 && (
        <details>
          <summary>Autre type ({others.length})</summary>
          <div class="choices wide">{others.map((type) => typeChoice(type, typeCode))}</div>
        </details>
      )}
    </ChoiceGroup>
  );
}

function typeChoice({ code, name }: { readonly code: string; readonly name: string }, chosen: string) {
  return (
    <Choice key={code} id={typeId(code)} name="typeCode" value={code} checked={code === chosen}>
      <strong>{name}</strong>
    </Choice>
  );
}

function Place(view: BookingView) {
  const { agendas, agenda, agendaHint, problems } = view;
  return (
    <fieldset {...reload(actionOf(view))}>
      <legend>Lieu et agenda</legend>
      {agendas.length === 0 ? (
        <p class="muted">Aucun agenda où vous pouvez convoquer pour ce type.</p>
      ) : (
        <SelectField
          name="agendaId"
          label={<span class="visually-hidden">Lieu et agenda</span>}
          groups={agendas}
          value={agenda}
          problems={problems}
          hint={agendaHint}
        />
      )}
    </fieldset>
  );
}

function Messages(view: BookingView) {
  const { notify, moves, preview, problems } = view;
  const announcement =
    moves === null ? 'Convocation dès que possible, puis rappels' : 'Prévenir du changement, puis rappels';
  const alone =
    moves === null ? 'La date est déjà donnée par écrit' : 'La personne connaît déjà la nouvelle date';
  const cost = (chosen: boolean) => (chosen && preview !== null ? preview.cost : '');
  return (
    <ChoiceGroup id={MESSAGES_ID} legend="Messages" problems={problems} attributes={refresh(actionOf(view))}>
      <div class="choices wide">
        <Choice id={MESSAGES_ID} name="notify" value="true" checked={notify}>
          <strong>{announcement}</strong>
          <span class="small muted" id="cost-true">
            {cost(notify)}
          </span>
        </Choice>
        <Choice id="notify-false" name="notify" value="false" checked={!notify}>
          <strong>Rappels seuls</strong>
          <span class="small muted">{alone}</span>{' '}
          <span class="small muted" id="cost-false">
            {cost(!notify)}
          </span>
        </Choice>
      </div>
    </ChoiceGroup>
  );
}

function Confirm({ confirm, moves, agendas }: BookingView) {
  return (
    <div class="confirm" id="confirm">
      {confirm === null ? (
        <p class="muted">Choisissez une date et une heure.</p>
      ) : (
        <p>
          <strong>{confirm.promise}</strong>
          <br />
          <span class="muted">
            {confirm.where}.{' '}
            {moves === null ? 'Vous pourrez annuler pendant une minute.' : 'L’ancienne place sera libérée.'}
          </span>
        </p>
      )}
      <div class="actions">
        <button disabled={agendas.length === 0}>{moves === null ? 'Convoquer' : 'Déplacer'}</button>
      </div>
    </div>
  );
}
