import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';

export interface AgendaLink {
  readonly id: string;
  readonly name: string;
}

export interface AgendasView {
  readonly frame: Frame;
  readonly today: string;
  readonly places: readonly {
    readonly name: string;
    readonly service: string;
    readonly agendas: readonly AgendaLink[];
  }[];
}

export function AgendasPage({ frame, today, places }: AgendasView) {
  return (
    <AppPage frame={frame} title="Agendas" current="/agendas">
      <PageHead
        title="Agendas"
        actions={
          <a class="button secondary" href={`/days/${today}`}>
            Liste du jour
          </a>
        }
      />
      <div class="sections">
        {places.length === 0 && <p class="muted">Aucun agenda dans votre service.</p>}
        {places.map(({ name, service, agendas }) => (
          <section key={name} class="stack" aria-label={name}>
            <h2>{name}</h2>
            {service !== name && <p class="muted small">{service}</p>}
            <ul class="links">
              {agendas.map((agenda) => (
                <li key={agenda.id}>
                  <a href={`/agendas/${agenda.id}`}>{agenda.name}</a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </AppPage>
  );
}
