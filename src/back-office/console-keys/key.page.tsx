import type { ApiKeyView } from '../../agents/keys/api-key.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, FormTokens, type Problems } from '../../ui/forms.js';
import { SelectField } from '../../ui/select-field.js';
import { State } from '../../ui/state.js';
import { dated, dayOf } from '../console/console-words.js';
import { ROLE_NAMES } from '../role-names.js';
import { KEYS } from './key-form.page.js';
import { KEY_STATES, OVERLAP_DAYS, SCOPE_WORDS } from './key-words.js';

export interface KeyView {
  readonly frame: Frame;
  readonly one: ApiKeyView;
  readonly overlapDays: string;
  readonly problems: Problems;
}

export function KeyPage(view: KeyView) {
  const { frame, one } = view;
  return (
    <AppPage frame={frame} title={one.name} current="/console/keys">
      <PageHead title={one.name} back={KEYS}>
        <p>
          <State {...KEY_STATES[one.state]} />
        </p>
      </PageHead>
      <div class="sections">
        <KeyFacts item={one} />
        {one.state === 'live' && <Rotate {...view} />}
        {(one.state === 'live' || one.state === 'replaced') && <Revoke {...view} />}
      </div>
    </AppPage>
  );
}

function KeyFacts({ item: one }: { readonly item: ApiKeyView }) {
  const { timeZone, scopes, lastUsedAt, expiresAt, createdBy, replacedBy } = one;
  return (
    <section class="stack" aria-labelledby="facts">
      <h2 id="facts">La clé</h2>
      <dl class="facts">
        <dt>Numéro public</dt>
        <dd>
          <code>{one.publicId}</code>, au début de la clé, après <code>msj_</code>
        </dd>
        <dt>Agit comme</dt>
        <dd>
          {ROLE_NAMES[one.role]}, {one.organizationName}
        </dd>
        <dt>Peut</dt>
        <dd>
          {scopes === null
            ? 'Tout ce que permet le rôle'
            : scopes.map((s) => SCOPE_WORDS[s]).join('\u00a0; ')}
        </dd>
        <dt>Créée</dt>
        <dd>
          le {dayOf(one.createdAt, timeZone)}, {createdBy === null ? 'par commande' : `par ${createdBy}`}
        </dd>
        <dt>Dernier appel</dt>
        <dd>{lastUsedAt === null ? 'Jamais' : `le ${dated(lastUsedAt, timeZone)}`}</dd>
        <dt>Fin</dt>
        <dd>{expiresAt === null ? 'Sans fin' : `le ${dated(expiresAt, timeZone)}`}</dd>
        {replacedBy !== null && (
          <>
            <dt>Remplacée par</dt>
            <dd>
              <code>{replacedBy}</code>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Rotate({ frame, one, overlapDays, problems }: KeyView) {
  return (
    <section class="stack" aria-labelledby="rotate">
      <h2 id="rotate">Remplacer</h2>
      <p class="muted">
        Une nouvelle clé, avec les mêmes droits. L’ancienne reste valable le temps de changer le réglage du
        logiciel.
      </p>
      <form class="form" method="post" action={`/console/keys/${one.id}/rotate`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <ErrorSummary problems={problems} />
        <SelectField
          name="overlapDays"
          label="Les deux clés restent valables"
          options={OVERLAP_DAYS}
          value={overlapDays}
          problems={problems}
        />
        <div class="actions">
          <button>Remplacer la clé</button>
        </div>
      </form>
    </section>
  );
}

function Revoke({ frame, one }: KeyView) {
  return (
    <section class="stack" aria-labelledby="revoke">
      <h2 id="revoke">Révoquer</h2>
      <p class="muted">
        Tout de suite et pour toujours. Le logiciel qui s’en sert est refusé dès son prochain appel.
      </p>
      <form class="form" method="post" action={`/console/keys/${one.id}/revoke`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <div class="actions">
          <button class="danger">Révoquer cette clé</button>
        </div>
      </form>
    </section>
  );
}
