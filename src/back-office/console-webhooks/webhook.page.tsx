import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { FormTokens, type Problems, ErrorSummary } from '../../ui/forms.js';
import { Done, Note, State } from '../../ui/state.js';
import { NBSP, plural, thousands } from '../../ui/typography.js';
import type { DeliveryView, EndpointView } from '../../webhooks/webhook.queries.js';
import { dated, dayOf } from '../console/console-words.js';
import { doneSentence } from '../done-sentence.js';
import { answerInWords, endpointWord, EVENT_WORDS, statusWord, webhookDone } from './webhook-words.js';
import { WEBHOOKS } from './webhooks.page.js';

export interface WebhookView {
  readonly frame: Frame;
  readonly one: EndpointView;
  readonly deliveries: readonly DeliveryView[];
  readonly isHeld: boolean;
  readonly done: string | null;
  readonly problems: Problems;
}

export function WebhookPage(view: WebhookView) {
  const { frame, one, isHeld, done, problems } = view;
  const told = doneSentence(webhookDone({ isOn: one.disabledAt === null, isHeld }), done);
  return (
    <AppPage frame={frame} title="Un webhook" current="/console">
      <PageHead title={<span class="address">{one.url}</span>} back={WEBHOOKS}>
        <p>
          <State {...endpointWord(one)} />
        </p>
      </PageHead>
      <div class="sections">
        <ErrorSummary problems={problems} />
        <Done sentence={told} />
        {isHeld && (
          <Note shape="warn">
            <p>Les envois sont retenus{NBSP}: aucun appel ne part avant leur reprise.</p>
          </Note>
        )}
        <EndpointFacts endpoint={one} />
        <Acts frame={frame} endpoint={one} />
        <Deliveries {...view} />
      </div>
    </AppPage>
  );
}

function EndpointFacts({ endpoint: one }: { readonly endpoint: EndpointView }) {
  const { timeZone, failingSince, createdBy } = one;
  return (
    <dl class="facts">
      <dt>Service</dt>
      <dd>{one.organizationName}</dd>
      <dt>Prévenu de</dt>
      <dd>{one.events.map((event) => EVENT_WORDS[event]).join(', ')}</dd>
      <dt>Ajouté</dt>
      <dd>
        le {dayOf(one.createdAt, timeZone)}
        {createdBy === null ? '' : `, par ${createdBy}`}
      </dd>
      <dt>Depuis 30 jours</dt>
      <dd>
        {plural(one.delivered, 'reçu')}, {thousands(one.waiting)} en attente, {plural(one.dead, 'abandonné')}
      </dd>
      {failingSince !== null && (
        <>
          <dt>Échecs</dt>
          <dd>depuis le {dated(failingSince, timeZone)}</dd>
        </>
      )}
      <OldSecrets endpoint={one} />
    </dl>
  );
}

function OldSecrets({ endpoint: one }: { readonly endpoint: EndpointView }) {
  const ends = [one.olderSecretUntil, one.oldSecretUntil].filter((end) => end !== null);
  if (ends.length === 0) return null;
  const isOne = ends.length === 1;
  return (
    <>
      <dt>{isOne ? 'Ancien secret' : 'Anciens secrets'}</dt>
      <dd>
        {isOne ? 'signe' : 'signent'} encore{' '}
        {ends.map((end) => `jusqu’au ${dated(end, one.timeZone)}`).join(' et ')}
      </dd>
    </>
  );
}

function Acts({ frame, endpoint: one }: Pick<WebhookView, 'frame'> & { readonly endpoint: EndpointView }) {
  const isOn = one.disabledAt === null;
  return (
    <form method="post" action={`/console/webhooks/${one.id}`} aria-label="Ce webhook">
      <FormTokens csrfToken={frame.csrfToken} />
      <div class="actions">
        {isOn && (
          <button name="act" value="test" class="secondary">
            Appel d’essai
          </button>
        )}
        <button name="act" value="secret" class="secondary">
          Remplacer le secret
        </button>
        <button name="act" value={isOn ? 'off' : 'on'} class={isOn ? 'danger' : ''}>
          {isOn ? 'Désactiver' : 'Activer de nouveau'}
        </button>
      </div>
    </form>
  );
}

function Deliveries({ frame, one, deliveries }: WebhookView) {
  return (
    <section class="stack" aria-labelledby="deliveries">
      <h2 id="deliveries">Derniers appels</h2>
      {deliveries.length === 0 ? (
        <p>Aucun appel pour le moment.</p>
      ) : (
        <form method="post" action={`/console/webhooks/${one.id}/replay`} class="stack">
          <FormTokens csrfToken={frame.csrfToken} />
          {one.dead > 0 && (
            <div class="actions">
              <button name="delivery" value="">
                Rejouer {plural(one.dead, 'appel abandonné', 'appels abandonnés')}
              </button>
            </div>
          )}
          <table class="blocks">
            <thead>
              <tr>
                <th scope="col">Évènement</th>
                <th scope="col">Quand</th>
                <th scope="col">Appel</th>
                <th scope="col" class="num">
                  Essais
                </th>
                <th scope="col">Réponse</th>
                <th scope="col">
                  <span class="visually-hidden">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {deliveries.map((delivery) => (
                <DeliveryRow key={delivery.id} delivery={delivery} timeZone={one.timeZone} />
              ))}
            </tbody>
          </table>
        </form>
      )}
      {deliveries.length === 50 && <p class="muted">Les 50 derniers, ceux abandonnés d’abord.</p>}
    </section>
  );
}

function DeliveryRow({ delivery, timeZone }: { readonly delivery: DeliveryView; readonly timeZone: string }) {
  const { id, event, state, status, occurredAt, dueAt, attempts } = delivery;
  const isSettled = status === 'dead' || status === 'delivered';
  return (
    <tr>
      <th scope="row">
        {EVENT_WORDS[event]}
        {event !== 'test' && (
          <>
            <br />
            <code>{state}</code>
          </>
        )}
      </th>
      <td data-label="Quand">{dated(occurredAt, timeZone)}</td>
      <td data-label="Appel">
        <State {...statusWord(delivery)} />
        {status === 'waiting' && attempts > 0 && (
          <>
            <br />
            <span class="muted">{dated(dueAt, timeZone)}</span>
          </>
        )}
      </td>
      <td class="num" data-label="Essais">
        {attempts}
      </td>
      <td data-label="Réponse">{answerInWords(delivery)}</td>
      <td>
        {isSettled && (
          <button class="secondary small" name="delivery" value={id}>
            Rejouer
          </button>
        )}
      </td>
    </tr>
  );
}
