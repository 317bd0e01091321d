import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { plainDate, plural } from '../../ui/typography.js';
import { fullName } from '../persons/person-words.js';
import { type RoomEntry, RoomList } from '../room-list.js';
import type { ServiceAgent, ServiceNow } from './service.query.js';

export interface ServiceView extends ServiceNow {
  readonly frame: Frame;
  readonly transfers: number;
  readonly rooms: readonly RoomEntry[];
  readonly dayOf: (at: Date) => string;
}

/** What a service's own administrator looks after, what needs doing first. */
export function ServicePage(view: ServiceView) {
  const { frame, rooms } = view;
  return (
    <AppPage frame={frame} title="Mon service" current="/service">
      <PageHead title="Mon service">
        <p class="muted">
          {frame.organizationName}, {plural(view.agents, 'agent')}.
        </p>
      </PageHead>
      <div class="sections">
        <ToDo {...view} />
        <section aria-labelledby="rooms">
          <h2 id="rooms">Régler</h2>
          <RoomList rooms={rooms} />
        </section>
      </div>
    </AppPage>
  );
}

function ToDo(view: ServiceView) {
  const { transfers, neverCame, asleep, absent, withoutReferent, dayOf } = view;
  const isClear = transfers + neverCame.length + asleep.length + withoutReferent.length === 0;
  return (
    <section aria-labelledby="todo" class="stack">
      <h2 id="todo">À faire</h2>
      {isClear && <p class="state ok">Rien n’attend.</p>}
      {transfers > 0 && (
        <p class="state warn">
          <a href="/agents/transfers">
            {plural(transfers, 'mutation attend', 'mutations attendent')} votre réponse
          </a>
        </p>
      )}
      <Agents
        title="Invités, jamais venus"
        id="never"
        agents={neverCame}
        words={(at) => (at === null ? '' : `invité le ${dayOf(at)}`)}
      />
      <Agents
        title="Sans connexion depuis 60 jours"
        id="asleep"
        agents={asleep}
        words={(at) => (at === null ? 'aucune connexion connue' : `dernière connexion le ${dayOf(at)}`)}
      />
      {withoutReferent.length > 0 && (
        <details open={withoutReferent.length <= 10}>
          <summary>{plural(withoutReferent.length, 'personne')} sans référent depuis un départ</summary>
          <ul class="bullets">
            {withoutReferent.map((person) => (
              <li key={person.id}>
                <a href={`/persons/${person.id}/edit`}>{fullName(person)}</a>{' '}
                <span class="muted">depuis le {dayOf(person.since)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {absent.length > 0 && (
        <>
          <h3>Absents en ce moment</h3>
          <ul class="bullets">
            {absent.map(({ id, name, replacementName, endsOn }) => (
              <li key={id}>
                <a href={`/agents/${id}`}>{name}</a>{' '}
                <span class="muted">
                  jusqu’au {plainDate(endsOn)}, remplacé par {replacementName}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Agents(props: {
  readonly title: string;
  readonly id: string;
  readonly agents: readonly ServiceAgent[];
  readonly words: (since: Date | null) => string;
}) {
  const { title, agents, words, id } = props;
  if (agents.length === 0) return null;
  return (
    <details open={agents.length <= 10} id={id}>
      <summary>
        {title}&nbsp;: {plural(agents.length, 'agent')}
      </summary>
      <ul class="bullets">
        {agents.map((agent) => (
          <li key={agent.id}>
            <a href={`/agents/${agent.id}`}>{agent.name}</a> <span class="muted">{words(agent.since)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
