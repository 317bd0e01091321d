import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { RoomList } from '../room-list.js';
import type { SettingsRoom } from '../rooms.js';

export interface SettingsView {
  readonly frame: Frame;
  /** Those the reader may enter. */
  readonly rooms: readonly SettingsRoom[];
}

export function SettingsPage({ frame, rooms }: SettingsView) {
  const groups = [...new Set(rooms.map(({ group }) => group))];
  return (
    <AppPage frame={frame} title="Réglages" current="/settings">
      <PageHead title="Réglages">
        <p class="muted">Ce qui se règle une fois et se retouche rarement.</p>
      </PageHead>
      <div class="sections">
        {groups.map((group) => (
          <section key={group} aria-labelledby={`group-${groups.indexOf(group)}`}>
            <h2 id={`group-${groups.indexOf(group)}`}>{group}</h2>
            <RoomList rooms={rooms.filter((room) => room.group === group)} />
          </section>
        ))}
      </div>
    </AppPage>
  );
}
