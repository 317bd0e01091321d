import { BOUNDS, MOST_REMINDERS } from '../../notifications/domain/reminder-plan.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { DefaultButton } from '../../ui/default-button.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { Note } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { NBSP } from '../../ui/typography.js';
import type { CalendarRow } from './calendar-weeks.js';
import { PlanCalendar } from './plan-calendar.js';
import type { Sample } from './plan-samples.js';
import { AfterAbsence, count, Reminder, Summons } from './plan-steps.js';
import type { EditorContent } from './plans.view.js';
import { TrialNote } from './trial-note.js';

export interface EditorView extends EditorContent {
  readonly frame: Frame;
  /** Null while the plan as typed is not valid. */
  readonly samples: readonly Sample[] | null;
  /** Of the sample booked furthest ahead, for a first appointment. */
  readonly calendar: { readonly caption: string; readonly rows: readonly CalendarRow[] } | null;
  readonly problems: Problems;
  /** What a colleague saved since the form was opened, in words; null: nobody did. */
  readonly meanwhile: string | null;
}

export function PlanEditorPage(view: EditorView) {
  const { frame, service, typeName, form } = view;
  const title = `Plan de rappels, ${typeName}`;
  return (
    <AppPage frame={frame} title={title} current="/plans">
      <PageHead title={title} back={{ href: `/plans?organization=${form.organization}`, label: 'Plans' }}>
        <p class="muted">{service.name}</p>
      </PageHead>
      <div class="sections">
        <PlanFormFields {...view} />
        <Samples {...view} />
      </div>
    </AppPage>
  );
}

function Meanwhile({ words }: { readonly words: string }) {
  return (
    <Note shape="warn">
      <div class="stack">
        <p>
          <strong>Plan enregistré entre-temps{NBSP}:</strong> {words}
        </p>
        <p>Le formulaire garde ce que vous avez tapé. L’enregistrer remplace ce plan.</p>
      </div>
    </Note>
  );
}

function PlanFormFields({ frame, form, problems, isOwn, follows, meanwhile }: EditorView) {
  const field = boundTo(form, problems);
  return (
    <form class="form plan" method="post" action="/plans/edit">
      <FormTokens csrfToken={frame.csrfToken} />
      {(['organization', 'type', 'version', 'rows', 'follows'] as const).map((name) => (
        <input key={name} type="hidden" name={name} value={form[name]} />
      ))}
      <ErrorSummary problems={problems} />
      {meanwhile !== null && <Meanwhile words={meanwhile} />}
      <DefaultButton name="act" value="preview">
        Actualiser l’aperçu
      </DefaultButton>
      <Presets />
      <Summons form={form} problems={problems} />
      {form.reminders.map((row, at) => (
        <Reminder
          key={at}
          row={row}
          number={at + 1}
          problems={problems}
          isNew={form.act === 'more' && at === form.reminders.length - 1}
        />
      ))}
      {form.reminders.length < MOST_REMINDERS && (
        <div class="actions">
          <button class="secondary" name="act" value="more">
            Ajouter un rappel
          </button>
        </div>
      )}
      <AfterAbsence form={form} problems={problems} />
      <Field
        {...field('weeklyLimit')}
        label="Textes par personne en sept jours, au plus"
        hint="Le dernier rappel avant un rendez-vous part toujours."
        attributes={{ ...count(BOUNDS.weeklyLimit) }}
      />
      <div class="actions">
        <button name="act" value="check">
          Voir ce que cela change
        </button>
        <button class="secondary" name="act" value="preview">
          Actualiser l’aperçu
        </button>
        {isOwn && follows !== null && (
          <button class="secondary" name="act" value="follow">
            Suivre le plan {follows}
          </button>
        )}
      </div>
    </form>
  );
}

function Presets() {
  return (
    <fieldset>
      <legend>Partir d’un plan connu</legend>
      <p class="muted">Remplit le formulaire, n’enregistre rien.</p>
      <div class="actions">
        <button class="secondary" name="act" value="recommended">
          Plan recommandé
        </button>
        <button class="secondary" name="act" value="one-day">
          Un seul rappel, 24{NBSP}h avant
        </button>
        <button class="secondary" name="act" value="two-days">
          Un seul rappel, 48{NBSP}h avant
        </button>
      </div>
    </fieldset>
  );
}

const TEXTS = 'Textes, à l’heure du lieu';

/** Far below the button that asks for them: then they take the focus. */
function Samples({ form, samples, calendar, trials }: EditorView) {
  return (
    <section aria-labelledby="samples" class="stack">
      <h2 id="samples" tabIndex={-1} autofocus={form.act === 'preview'}>
        Ce que recevrait une personne convoquée aujourd’hui
      </h2>
      <TrialNote trials={trials} />
      {samples === null ? (
        <p class="muted">Corrigez d’abord le plan.</p>
      ) : (
        <>
          {calendar !== null && <PlanCalendar {...calendar} />}
          <table class="blocks">
            <caption class="visually-hidden">Textes par rendez-vous et par personne</caption>
            <TableHead columns={['Rendez-vous', 'Personne', TEXTS]} />
            <tbody>
              {samples.map((sample) => (
                <SampleRow key={sample.id} {...sample} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function SampleRow({ appointment, who, texts }: Sample) {
  return (
    <tr>
      <th scope="row">{appointment}</th>
      <td class="full" data-label="Personne">
        {who}
      </td>
      <td class="full" data-label={TEXTS}>
        <ul>
          {texts.map(({ title, leaves, why, isLeftOut }) => (
            <li key={title}>
              {title}
              {NBSP}: {isLeftOut ? <del>{leaves}</del> : <strong>{leaves}</strong>}
              {why !== null && <span class="muted"> ({why})</span>}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
