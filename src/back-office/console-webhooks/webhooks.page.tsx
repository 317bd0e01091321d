import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Note, State } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { plural, thousands } from '../../ui/typography.js';
import type { EndpointView } from '../../webhooks/webhook.queries.js';
import { CONSOLE } from '../console/console-words.js';
import { endpointWord, EVENT_WORDS } from './webhook-words.js';

export interface WebhooksView {
  readonly frame: Frame;
  readonly endpoints: readonly EndpointView[];
}

export const WEBHOOKS = { href: '/console/webhooks', label: 'Webhooks' };

/** Other software that is told what happens. */
export function WebhooksPage({ frame, endpoints }: WebhooksView) {
  const dead = endpoints.reduce((sum, one) => sum + one.dead, 0);
  return (
    <AppPage frame={frame} title="Webhooks" current="/console">
      <PageHead
        title="Webhooks"
        back={CONSOLE}
        actions={
          <a class="button" href="/console/webhooks/new">
            Ajouter un webhook
          </a>
        }
      >
        <p class="muted">
          Un logiciel est prévenu de ce qui arrive à une convocation. L’appel ne porte que des numéros
          internes et des états, jamais un nom ni un téléphone.
        </p>
      </PageHead>
      <div class="sections">
        {dead > 0 && (
          <Note shape="warn">
            <p>
              {plural(dead, 'appel abandonné', 'appels abandonnés')} depuis 30 jours. Ouvrez le webhook pour
              les rejouer.
            </p>
          </Note>
        )}
        {endpoints.length === 0 ? (
          <p>Aucun webhook pour le moment.</p>
        ) : (
          <EndpointsTable endpoints={endpoints} />
        )}
      </div>
    </AppPage>
  );
}

function EndpointsTable({ endpoints }: Pick<WebhooksView, 'endpoints'>) {
  return (
    <table class="blocks">
      <TableHead
        columns={[
          'Adresse',
          'État',
          'Prévenu de',
          numeric('Reçus'),
          numeric('En attente'),
          numeric('Abandonnés'),
        ]}
      />
      <tbody>
        {endpoints.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <a class="address" href={`/console/webhooks/${one.id}`}>
                {one.url}
              </a>
              <br />
              <span class="muted">{one.organizationName}</span>
            </th>
            <td data-label="État">
              <State {...endpointWord(one)} />
            </td>
            <td data-label="Prévenu de">{one.events.map((event) => EVENT_WORDS[event]).join(', ')}</td>
            <td class="num" data-label="Reçus">
              {thousands(one.delivered)}
            </td>
            <td class="num" data-label="En attente">
              {thousands(one.waiting)}
            </td>
            <td class="num" data-label="Abandonnés">
              {thousands(one.dead)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
