import type { NavItem } from '../ui/app-page.js';

export interface RoomEntry extends Pick<NavItem, 'href' | 'label'> {
  readonly about: string;
}

/** Pages to go to, each with what is done there. */
export function RoomList({ rooms }: { readonly rooms: readonly RoomEntry[] }) {
  return (
    <ul class="rooms">
      {rooms.map(({ href, label, about }) => (
        <li key={href}>
          <a href={href}>{label}</a>
          <p class="muted">{about}</p>
        </li>
      ))}
    </ul>
  );
}
