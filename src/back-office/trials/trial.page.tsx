import type { TrialView } from '../../notifications/trials/trial.queries.js';
import { AppPage, PageHead } from '../../ui/app-page.js';
import { ErrorSummary } from '../../ui/forms.js';
import { Done, Note, State } from '../../ui/state.js';
import { day, NBSP, plainDate, thousands } from '../../ui/typography.js';
import { ExportLinks } from '../absence-exports/export-links.js';
import { TrialActions } from './trial-actions.js';
import { trialTables } from './trial-export.js';
import type { TrialPageView } from './trial-page.view.js';
import { Guards, Progress, Results } from './trial-results.js';
import {
  armInWords,
  EVENTS,
  KIND_WORDS,
  listOf,
  partsInWords,
  REGISTER_WORDS,
  strataInWords,
  TRIAL_STATES,
} from './trial-words.js';

export function TrialPage(view: TrialPageView) {
  const { frame, trial, problems, done } = view;
  return (
    <AppPage frame={frame} title={trial.name} current="/trials">
      <PageHead title={trial.name} back={{ href: '/trials', label: 'Essais' }}>
        <p>
          <State {...TRIAL_STATES[trial.state]} pill />
        </p>
        <p class="lead">{trial.question}</p>
      </PageHead>
      <div class="sections">
        <ErrorSummary problems={problems} />
        <Done sentence={done} />
        <Replanned {...view} />
        <Standing {...view} />
        <PlainWords {...view} />
        <Arms {...view} />
        {trial.startedAt !== null && <Results {...view} />}
        {trial.startedAt !== null && <Progress {...view} />}
        {trial.startedAt !== null && <Guards {...view} />}
        <Registration {...view} />
        {trial.startedAt !== null && (
          <ExportLinks address={`/trials/${trial.id}/export`} tables={trialTables(view)} />
        )}
        <HowToRead trial={trial} />
        {view.mayManage && <TrialActions {...view} />}
      </div>
    </AppPage>
  );
}

/** Of the messages that go back to the usual plan. */
function Replanned({ replanned }: TrialPageView) {
  if (replanned === null) return null;
  return (
    <Note shape="wait">
      <p>Retour au plan habituel. {replanned.join(', ')}.</p>
    </Note>
  );
}

/** Where it stands, and what is wrong with it. */
function Standing({ trial, ratio, visibility }: TrialPageView) {
  if (ratio.alarm)
    return (
      <Note shape="bad">
        <p>
          <strong>Alarme&nbsp;: les bras ne sont pas remplis comme prévu.</strong> Un tel écart arrive par
          hasard moins d’une fois sur mille. Le tirage ou l’enregistrement est sans doute faussé&nbsp;: aucun
          résultat n’est montré, et aucune conclusion n’est possible tant que la cause n’est pas trouvée.
        </p>
      </Note>
    );
  if (trial.state === 'draft')
    return (
      <Note shape="off">
        <p>Brouillon. Relisez, puis inscrivez l’essai&nbsp;: il ne changera plus.</p>
      </Note>
    );
  if (trial.state === 'registered')
    return (
      <Note shape="half wait">
        <p>Inscrit&nbsp;: rien ne peut plus y changer. Personne n’est tiré au sort avant qu’il commence.</p>
      </Note>
    );
  if (trial.state === 'stopped')
    return (
      <Note shape="bad">
        <p>
          {trial.startedAt === null ? 'Abandonné avant d’avoir commencé' : 'Arrêté avant son terme'}&nbsp;:{' '}
          {trial.stopReason}
        </p>
      </Note>
    );
  if (visibility.kind !== 'hidden') return null;
  const isLook = visibility.until !== trial.endsOn;
  return (
    <Note shape="wait">
      <p>
        Résultats cachés jusqu’au {day(visibility.until)} inclus
        {isLook ? ', premier regard prévu par la règle inscrite' : ', dernier jour de l’essai'}. Regarder plus
        tôt ferait voir des différences là où il n’y en a pas.
      </p>
    </Note>
  );
}

function PlainWords({ trial, startedOn }: TrialPageView) {
  const services = listOf(trial.services.map(({ name }) => name));
  const types = listOf(trial.types.map(({ name }) => name));
  const who = trial.unit === 'person' ? 'chaque personne convoquée' : 'chaque service';
  return (
    <section aria-labelledby="plain" class="stack">
      <h2 id="plain">En clair</h2>
      <p>
        {services} ({types})&nbsp;: {who} est tiré{trial.unit === 'person' ? 'e' : ''} au sort dans un des{' '}
        {trial.arms.length} bras et y reste pendant tout l’essai.{' '}
        {trial.differsBy === 'timing'
          ? 'Seul le moment des rappels change d’un bras à l’autre. Quand il est trop tard pour tous ceux du bras, le dernier rappel du plan habituel qui peut encore partir les remplace\u00a0: le tirage ne laisse personne sans rappel là où ce plan en enverrait un.'
          : 'Seuls les mots du message en français changent d’un bras à l’autre\u00a0; qui le reçoit dans une autre langue compte dans son bras.'}{' '}
        À la fin, on compare la part des rendez-vous manqués.
      </p>
      <p class="muted">
        {startedOn === null ? 'Pas encore commencé. ' : `Commencé le ${plainDate(startedOn)}. `}
        Les rendez-vous comptent jusqu’au {plainDate(trial.endsOn)}.
      </p>
    </section>
  );
}

function Arms({ trial }: TrialPageView) {
  return (
    <section aria-labelledby="arms" class="stack">
      <h2 id="arms">Les bras</h2>
      <ol class="arms">
        {trial.arms.map((arm, at) => (
          <li key={arm.name}>
            <strong>{arm.name}</strong>&nbsp;: {armInWords(arm)}{' '}
            <span class="muted">(part&nbsp;: {partsInWords(trial, at)})</span>
            {arm.texts.map(({ kind, register, text }) => (
              <div key={register}>
                <p class="small muted">
                  {KIND_WORDS[kind]}, {REGISTER_WORDS[register]}
                </p>
                <blockquote class="sms">{text}</blockquote>
              </div>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Registration({ trial, events }: TrialPageView) {
  return (
    <section aria-labelledby="registration" class="stack">
      <h2 id="registration">Ce qui est inscrit</h2>
      <dl class="facts">
        <dt>Mesure</dt>
        <dd>
          Taux d’absence&nbsp;: manquées ÷ (honorées + manquées + excusées), issue connue. Voir les{' '}
          <a href="/absence/definitions">définitions</a>.
        </dd>
        <dt>Tirage</dt>
        <dd>On tire au sort {strataInWords(trial)}, par blocs.</dd>
        <dt>Graine</dt>
        <dd>
          <code>{trial.seed}</code>
        </dd>
        <dt>Convocations prévues</dt>
        <dd>{thousands(trial.plannedSize)}, tous bras ensemble</dd>
        <dt>Dernier jour</dt>
        <dd>{plainDate(trial.endsOn)}</dd>
        <dt>Regards avant la fin</dt>
        <dd>{trial.looks.length === 0 ? 'Aucun' : listOf(trial.looks.map(plainDate))}</dd>
      </dl>
      <h3>Histoire</h3>
      <ul class="bullets">
        {events.map(({ event, on, by, detail }, at) => (
          <li key={at}>
            {EVENTS[event] ?? event}, {on}
            {by === null ? '' : `, par ${by}`}
            {typeof detail.reason === 'string' ? `${NBSP}: ${detail.reason}` : ''}
          </li>
        ))}
      </ul>
    </section>
  );
}

function HowToRead({ trial }: { readonly trial: TrialView }) {
  return (
    <details>
      <summary>Comment lire un essai</summary>
      <div class="prose">
        <p>
          Le hasard répartit {trial.unit === 'person' ? 'les personnes' : 'les services'}&nbsp;: au départ,
          les bras se ressemblent. Si l’absence diffère à la fin plus que le hasard ne le permet, c’est
          l’effet de ce qui a changé.
        </p>
        <p>
          Tout le monde compte dans le bras où il a été tiré, même sans téléphone, même si le message n’est
          pas arrivé, si la personne a refusé les SMS ou si elle a été convoquée trop tard pour les rappels de
          son bras. Ne garder que les personnes jointes comparerait des gens différents.
        </p>
        <p>
          Un intervalle à 95&nbsp;% dit entre quelles bornes la vraie différence se trouve probablement. S’il
          contient zéro, l’essai ne démontre rien, ni dans un sens ni dans l’autre.
        </p>
        <p>
          Avec plusieurs comparaisons ou plusieurs regards, chacune doit être plus sûre, pour que l’essai
          entier ne se trompe pas plus de 5&nbsp;fois sur 100.
        </p>
      </div>
    </details>
  );
}
