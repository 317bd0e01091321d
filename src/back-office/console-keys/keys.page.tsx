import type { ApiKeyView } from '../../agents/keys/api-key.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Done, State } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { CONSOLE, dated, dayOf } from '../console/console-words.js';
import { doneSentence } from '../done-sentence.js';
import { ROLE_NAMES } from '../role-names.js';
import { KEY_STATES } from './key-words.js';

export interface KeysView {
  readonly frame: Frame;
  readonly keys: readonly ApiKeyView[];
  /** The central console is this reader's to open. */
  readonly hasConsole: boolean;
  readonly done: string | null;
}

const DONE: Readonly<Record<string, string>> = {
  revoked: 'La clé est révoquée. Aucun logiciel ne peut plus s’en servir.',
  'shown-once':
    'Ce formulaire a déjà servi. Une clé ne s’affiche qu’une fois\u00a0; perdue, elle se remplace.',
};

/** Keys of other software: who may do what in our name, since when, and whether anybody still uses it. */
export function KeysPage({ frame, keys, hasConsole, done }: KeysView) {
  const told = doneSentence(DONE, done);
  return (
    <AppPage frame={frame} title="Clés d’API" current="/console/keys">
      <PageHead
        title="Clés d’API"
        back={hasConsole ? CONSOLE : undefined}
        actions={
          <a class="button" href="/console/keys/new">
            Créer une clé
          </a>
        }
      >
        <p class="muted">
          Un logiciel appelle avec une clé. Elle agit pour un service, avec un rôle, et ne fait que ce qui est
          coché.
        </p>
      </PageHead>
      <div class="sections">
        <Done sentence={told} />
        {keys.length === 0 ? <p>Aucune clé pour le moment.</p> : <KeysTable keys={keys} />}
      </div>
    </AppPage>
  );
}

function KeysTable({ keys }: Pick<KeysView, 'keys'>) {
  return (
    <table class="blocks">
      <TableHead columns={['Clé', 'État', 'Agit comme', 'Droits', 'Dernier appel', 'Fin']} />
      <tbody>
        {keys.map((key) => (
          <KeyRow key={key.id} item={key} />
        ))}
      </tbody>
    </table>
  );
}

function KeyRow({ item: one }: { readonly item: ApiKeyView }) {
  const { timeZone, lastUsedAt, expiresAt, scopes } = one;
  return (
    <tr>
      <th scope="row">
        <a href={`/console/keys/${one.id}`}>{one.name}</a>
        <br />
        <code>{one.publicId}</code>
      </th>
      <td data-label="État">
        <State {...KEY_STATES[one.state]} />
      </td>
      <td data-label="Agit comme">
        {ROLE_NAMES[one.role]}, {one.organizationName}
      </td>
      <td class="full" data-label="Droits">
        {scopes === null ? 'Tous ceux du rôle' : scopes.join(', ')}
      </td>
      <td data-label="Dernier appel">{lastUsedAt === null ? 'Jamais' : dated(lastUsedAt, timeZone)}</td>
      <td data-label="Fin">{expiresAt === null ? 'Sans fin' : dayOf(expiresAt, timeZone)}</td>
    </tr>
  );
}
