import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';

export interface SettingsView {
  readonly frame: Frame;
  readonly rooms: readonly { readonly href: string; readonly label: string; readonly about: string }[];
}

export function SettingsPage({ frame, rooms }: SettingsView) {
  return (
    <AppPage frame={frame} title="Réglages" current="/settings">
      <PageHead title="Réglages">
        <p class="muted">Ce qui se règle une fois et se retouche rarement.</p>
      </PageHead>
      <ul class="rooms">
        {rooms.map(({ href, label, about }) => (
          <li key={href}>
            <a href={href}>{label}</a>
            <p class="muted">{about}</p>
          </li>
        ))}
      </ul>
    </AppPage>
  );
}
