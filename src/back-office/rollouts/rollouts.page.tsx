import type { ManagedService, ScopeChoices } from '../../statistics/rollouts/register.query.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { Done } from '../../ui/state.js';
import { doneSentence } from '../done-sentence.js';
import { ServiceSwitch } from '../service-switch.js';
import { History, type Register, Running } from './register.js';
import { targetInWords } from './rollout-words.js';

export type StartForm = Readonly<Record<'organization' | 'scope' | 'startedOn' | 'note', string>>;
export type TargetForm = Readonly<
  Record<'organization' | 'relativeChange' | 'fromOn' | 'untilOn' | 'targetNote' | 'act', string>
>;

export interface RolloutsView extends Register {
  readonly frame: Frame;
  /** Empty for somebody who keeps the register of one service only. */
  readonly services: readonly ManagedService[];
  readonly choices: ScopeChoices;
  readonly done: string | null;
  readonly start: StartForm;
  readonly targetForm: TargetForm;
  readonly problems: Problems;
  readonly isTargetRefused: boolean;
}

const DONE: Readonly<Record<string, string>> = {
  started: 'La mise en service est inscrite.',
  stopped: 'L’arrêt est inscrit.',
  corrected: 'La ligne est corrigée. L’ancienne reste dans l’historique.',
  withdrawn: 'La ligne est retirée. Elle reste dans l’historique.',
  target: 'L’objectif est fixé.',
  'no-target': 'Le service n’a plus d’objectif.',
};

export function RolloutsPage(view: RolloutsView) {
  const { frame, service, services, done } = view;
  const title = `Mise en service, ${service.name}`;
  const sentence = doneSentence(DONE, done);
  return (
    <AppPage frame={frame} title={title} current="/rollouts">
      <PageHead
        title={title}
        actions={
          <>
            <a class="button secondary" href={`/rollouts/baseline?organization=${service.id}`}>
              Chiffres d’avant
            </a>
            <a class="button secondary" href="/rollouts/planner">
              Planifier un déploiement
            </a>
          </>
        }
      >
        <p class="muted">
          Depuis quand les textes partent, et où. Les estimations d’effet comparent l’avant et l’après de ces
          dates.
        </p>
      </PageHead>
      <div class="sections">
        <Done sentence={sentence} />
        {services.length > 1 && (
          <ServiceSwitch action="/rollouts" options={namedOptions(services)} chosen={service.id} />
        )}
        <Running {...view} />
        <StartFields {...view} />
        <Target {...view} />
        <History {...view} />
      </div>
    </AppPage>
  );
}

function StartFields({ frame, start, choices, problems, isTargetRefused }: RolloutsView) {
  const own = isTargetRefused ? [] : problems;
  const named = (kind: string, ones: ScopeChoices['places']) =>
    ones.map(({ id, name }) => ({ value: `${kind}:${id}`, label: name }));
  const groups = [
    { label: 'Tout', options: [{ value: 'service', label: 'Service entier' }] },
    { label: 'Lieux', options: named('place', choices.places) },
    { label: 'Types de convocation', options: named('type', choices.types) },
    { label: 'Agents', options: named('agent', choices.agents) },
  ];
  const field = boundTo(start, own);
  return (
    <section aria-labelledby="start" class="stack">
      <h2 id="start">Inscrire une mise en service</h2>
      <p class="muted">Un pilote peut commencer par un lieu, un type ou quelques agents.</p>
      <form class="form" method="post" action="/rollouts">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="organization" value={start.organization} />
        <ErrorSummary problems={own} />
        <div class="fields">
          <SelectField
            {...field('scope')}
            label="Périmètre"
            groups={groups.filter(({ options }) => options.length > 0)}
          />
          <Field {...field('startedOn')} label="Premier jour avec des textes" attributes={{ type: 'date' }} />
        </div>
        <Field {...field('note')} label="Note (facultative)" attributes={{ maxLength: 300 }} />
        <div class="actions">
          <button>Inscrire</button>
        </div>
      </form>
    </section>
  );
}

function Target({ frame, target, targetForm, problems, isTargetRefused }: RolloutsView) {
  const own = isTargetRefused ? problems : [];
  const current = target.find(({ withdrawnAt }) => withdrawnAt === null);
  const field = boundTo(targetForm, own);
  return (
    <section aria-labelledby="target" class="stack">
      <h2 id="target">Objectif</h2>
      <p>{current === undefined ? 'Aucun objectif n’est fixé.' : targetInWords(current)}</p>
      <form class="form" method="post" action="/rollouts/target">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="organization" value={targetForm.organization} />
        <ErrorSummary problems={own} />
        <div class="fields">
          <Field
            {...field('relativeChange')}
            label="Baisse visée, en %"
            hint="Par rapport au taux d’avant."
            attributes={{ type: 'number', inputMode: 'numeric', min: 1, max: 99 }}
          />
          <Field {...field('fromOn')} label="À compter du" attributes={{ type: 'date' }} />
          <Field {...field('untilOn')} label="Atteinte le" attributes={{ type: 'date' }} />
        </div>
        <Field {...field('targetNote')} label="Note (facultative)" attributes={{ maxLength: 300 }} />
        <div class="actions">
          <button>Fixer cet objectif</button>
          {current !== undefined && (
            <button class="secondary" name="act" value="none">
              Retirer l’objectif
            </button>
          )}
        </div>
      </form>
    </section>
  );
}
