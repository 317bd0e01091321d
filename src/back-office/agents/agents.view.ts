import { Injectable } from '@nestjs/common';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may, reaches } from '../../access/domain/rights.js';
import type { PageSession } from '../../access/identification.port.js';
import {
  type AgentFilter,
  type AgentView,
  colleaguesOf,
  findAgent,
  listAgents,
  managedServicesOf,
} from '../../agents/agent.queries.js';
import { mayBeMoved, mayTouch, rolesToGive } from '../../agents/domain/agent-rules.js';
import { absencesOf } from '../../agents/life/absence.queries.js';
import { AgentMail } from '../../agents/life/agent-mail.js';
import { mayChangeAddress } from '../../agents/life/change-agent.js';
import { impersonationsOf } from '../../agents/life/impersonate.js';
import { followedBy } from '../../notifications/hand-over/hand-over.js';
import { countTransfers } from '../../notifications/hand-over/transfer.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { instantOf } from '../../shared/time.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { capital, shortMoment, spacedPhone } from '../../ui/typography.js';
import { doneSentence } from '../done-sentence.js';
import { frameOf } from '../frame.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { type AbsenceFormView, NO_ABSENCE } from './absence-form.js';
import {
  type AgentForm,
  EditAgentPage,
  InvitationLinkPage,
  NewAgentPage,
  type NewAgentForm,
} from './agent-form.page.js';
import { fullNameOf } from './agent-words.js';
import { type AgentCardView, AgentPage } from './agent.page.js';
import { AgentsPage } from './agents.page.js';
import { type HeirsView } from './heirs-form.js';
import { LeavePage } from './leave.page.js';

const DONE: Readonly<Record<string, string>> = {
  invited: 'L’invitation est faite.',
  changed: 'Les coordonnées sont enregistrées.',
  role: 'Le rôle est changé. Ses sessions sont fermées.',
  'second-factor': 'Le second facteur est retiré. Ses sessions sont fermées.',
  absence: 'L’absence est notée.',
  'absence-ended': 'L’absence est terminée.',
  left: 'Le départ est enregistré. Ses suivis sont confiés, son compte est fermé.',
  reopened: 'Le compte est rouvert.',
  asked: 'La mutation est demandée. L’autre service est prévenu.',
  moved: 'La mutation est faite.',
  imported: 'Les invitations du fichier sont faites.',
};

export type ChosenHeirs = Pick<HeirsView, 'heir' | 'named'>;

export interface CardState {
  readonly done?: string;
  readonly problems?: Problems;
  readonly reason?: string;
  readonly absence?: Omit<AbsenceFormView, 'colleagues' | 'isOpen'>;
}

/** The pages about agents, as they are read and as they come back when refused. */
@Injectable()
export class AgentPages {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
    private readonly mail: AgentMail,
  ) {}

  async list(session: PageSession, actor: Actor, filter: AgentFilter, done: string): Promise<string> {
    const view = await this.transaction.run(async (tx) => {
      const { items, nextCursor } = await listAgents(tx, actor, filter);
      const mayMove = may(actor, 'agent.move');
      return {
        agents: items,
        nextCursor,
        services: await managedServicesOf(tx, actor, 'agent.read'),
        mayMove,
        transfers: mayMove ? await countTransfers(tx, actor) : 0,
      };
    });
    return renderPage(
      h(AgentsPage, { frame: frameOf(session), filter, done: doneSentence(DONE, done), ...view }),
    );
  }

  async blank(
    session: PageSession,
    actor: Actor,
    form: NewAgentForm,
    problems: Problems,
    isTaken = false,
  ): Promise<string> {
    const services = await this.transaction.run((tx) => managedServicesOf(tx, actor, 'agent.manage'));
    const kinds = [...new Set(services.map(({ kind }) => kind))];
    const roles = kinds.map((kind) => ({
      label: kind === 'spip' ? 'Dans un SPIP' : 'Dans un tribunal',
      roles: rolesToGive(actor.role, kind),
    }));
    const offersTransfer = isTaken && may(actor, 'agent.move');
    const view = { frame: frameOf(session), form, services, roles, offersTransfer, problems };
    return renderPage(h(NewAgentPage, { ...view, mailIsOn: this.mail.isOn }));
  }

  /** @param address of the card, as the write gave it */
  async link(session: PageSession, actor: Actor, address: string, url: string): Promise<string> {
    const agentId = address.split('/')[2]?.split('?')[0] ?? '';
    const agent = await this.transaction.run((tx) => findAgent(tx, actor, agentId));
    const view = { frame: frameOf(session), agentId, name: fullNameOf(agent), url };
    return renderPage(h(InvitationLinkPage, view));
  }

  async card(session: PageSession, actor: Actor, agentId: string, state: CardState): Promise<string> {
    const { done = '', problems = [], reason = '' } = state;
    const view = await this.transaction.run((tx) => this.cardView(tx, actor, agentId, state));
    const frame = frameOf(session);
    return renderPage(h(AgentPage, { frame, ...view, done: doneSentence(DONE, done), problems, reason }));
  }

  async edit(
    session: PageSession,
    actor: Actor,
    agentId: string,
    typed: AgentForm | null,
    problems: Problems,
  ): Promise<string> {
    const agent = await this.transaction.run((tx) => findAgent(tx, actor, agentId, 'agent.manage'));
    const { firstName, lastName, email } = agent;
    const phone = agent.phone === null ? '' : spacedPhone(agent.phone);
    const view = {
      frame: frameOf(session),
      agentId,
      name: fullNameOf(agent),
      form: typed ?? { firstName, lastName, email, phone },
      addressIsFixed: !mayChangeAddress(actor, agent),
      problems,
    };
    return renderPage(h(EditAgentPage, view));
  }

  async leave(
    session: PageSession,
    actor: Actor,
    agentId: string,
    chosen: ChosenHeirs,
    problems: Problems,
  ): Promise<string> {
    const view = await this.transaction.run(async (tx) => {
      const agent = await findAgent(tx, actor, agentId, 'agent.manage');
      return { agent, heirs: await this.heirs(tx, agent, chosen, problems) };
    });
    return renderPage(h(LeavePage, { frame: frameOf(session), ...view, problems }));
  }

  async heirs(
    tx: EntityManager,
    agent: Pick<AgentView, 'id' | 'organizationId' | 'timeZone'>,
    chosen: ChosenHeirs,
    problems: Problems,
  ): Promise<HeirsView> {
    const followed = await followedBy(tx, agent.id);
    const colleagues = await colleaguesOf(tx, agent.organizationId, agent.id);
    return { followed, colleagues, timeZone: agent.timeZone, ...chosen, problems };
  }

  private async cardView(
    tx: EntityManager,
    actor: Actor,
    agentId: string,
    { absence }: CardState,
  ): Promise<Omit<AgentCardView, 'frame' | 'done' | 'problems' | 'reason'>> {
    const agent = await findAgent(tx, actor, agentId);
    const office = await this.officeHours.of(tx, actor);
    const followed = await followedBy(tx, agent.id);
    const rights = rightsOn(actor, agent);
    const colleagues = await colleaguesOf(tx, agent.organizationId, agent.id);
    const past = rights.impersonate ? await impersonationsOf(tx, agent.id) : [];
    return {
      agent,
      lastSeen: momentOf(agent.lastSignedInAt, office) ?? 'Jamais',
      followed: { persons: followed.persons.length, convocations: followed.convocations.length },
      absences: await absencesOf(tx, agent.id),
      absenceForm: { ...NO_ABSENCE, colleagues, ...absence, isOpen: absence !== undefined },
      impersonations: past.map(({ id, by, reason, startedAt }) => ({
        id,
        words: `${momentOf(startedAt, office) ?? ''}, ${by}\u00a0: ${reason}`,
      })),
      may: rights,
    };
  }
}

/** The same questions as the use cases ask, so that no button leads to a refusal. */
function rightsOn(actor: Actor, agent: AgentView): AgentCardView['may'] {
  const { id, role, organizationId, organizationKind, presence, hasSecondFactor } = agent;
  const isMe = id === actor.agentId;
  const change = mayTouch(actor.role, role) && reaches(actor, 'agent.manage', organizationId);
  const isHere = presence !== 'gone';
  return {
    change,
    leave: change && !isMe,
    move: isHere && mayBeMoved(role) && reaches(actor, 'agent.move', organizationId),
    impersonate:
      may(actor, 'agent.impersonate') &&
      actor.impersonatorId == null &&
      role !== 'admin' &&
      (presence === 'active' || presence === 'absent'),
    takeSecondFactor:
      hasSecondFactor &&
      isHere &&
      !isMe &&
      mayTouch(actor.role, role) &&
      reaches(actor, 'agent.reset-second-factor', organizationId),
    readJournal: reaches(actor, 'journal.read-agent', organizationId),
    roles: change && !isMe && isHere ? rolesToGive(actor.role, organizationKind) : [],
  };
}

function momentOf(at: Date | null, { timeZone, now }: Office): string | null {
  return at === null ? null : capital(shortMoment(instantOf(at), timeZone, timeZone, now));
}
