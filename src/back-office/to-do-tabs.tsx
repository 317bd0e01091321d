const TABS = [
  { href: '/tasks', label: 'Tâches' },
  { href: '/worklist', label: '48 heures à venir' },
] as const;

/** The two lists of what needs an agent. */
export function ToDoTabs({ current }: { readonly current: (typeof TABS)[number]['href'] }) {
  return (
    <nav class="filters" aria-label="À faire">
      {TABS.map(({ href, label }) => (
        <a key={href} href={href} aria-current={href === current ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
