import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Note } from '../../ui/state.js';
import { plural } from '../../ui/typography.js';
import { RoomList } from '../room-list.js';
import type { ConsoleRoom } from './console-rooms.js';

export interface ConsoleView {
  readonly frame: Frame;
  readonly rooms: readonly ConsoleRoom[];
  readonly webhooks: { readonly disabled: number; readonly dead: number };
  readonly isHeld: boolean;
  /** Working keys without an end. */
  readonly endlessKeys: number;
}

export function ConsolePage(view: ConsoleView) {
  return (
    <AppPage frame={view.frame} title="Console" current="/console">
      <PageHead title="Console">
        <p class="muted">Administration centrale. Chaque geste est inscrit au journal.</p>
      </PageHead>
      <div class="sections">
        <Concerns {...view} />
        <RoomList rooms={view.rooms} />
      </div>
    </AppPage>
  );
}

function Concerns({ webhooks, isHeld, endlessKeys }: ConsoleView) {
  const { dead, disabled } = webhooks;
  const isBad = isHeld || disabled > 0;
  if (!isBad && dead === 0 && endlessKeys === 0) return null;
  return (
    <Note shape={isBad ? 'bad' : 'warn'}>
      <ul>
        {isHeld && (
          <li>
            Tous les envois sont retenus. <a href="/surety">Voir les envois</a>
          </li>
        )}
        {disabled > 0 && (
          <li>
            {plural(disabled, 'webhook désactivé', 'webhooks désactivés')} après 7 jours d’échecs.{' '}
            <a href="/console/webhooks">Voir les webhooks</a>
          </li>
        )}
        {dead > 0 && (
          <li>
            {plural(dead, 'appel de webhook abandonné', 'appels de webhook abandonnés')}.{' '}
            <a href="/console/webhooks">Les rejouer</a>
          </li>
        )}
        {endlessKeys > 0 && (
          <li>
            {plural(
              endlessKeys,
              'clé d’API en service n’a pas de fin',
              'clés d’API en service n’ont pas de fin',
            )}
            . <a href="/console/keys">Voir les clés</a>
          </li>
        )}
      </ul>
    </Note>
  );
}
