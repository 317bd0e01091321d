import type { AgentMailKind } from '../../agents/life/agent-mail.js';

/** In French, plain text. */
export interface MailWords {
  readonly subject: string;
  readonly text: string;
}

interface Told {
  readonly firstName: string;
  /** The one-time link of an invitation, else a page of the service. */
  readonly url: string;
}

/** Nobody but the agent is named, no service either: mail is read on many screens. */
const WORDS: Readonly<Record<AgentMailKind, (told: Told) => MailWords>> = {
  invitation: ({ firstName, url }) => ({
    subject: 'Mon Suivi Justice\u00a0: votre accès',
    text: `Bonjour ${firstName},

L’administrateur de votre service vous a ouvert un compte sur Mon Suivi Justice.
Choisissez votre mot de passe à cette adresse, dans les sept jours\u00a0:

${url}

Ce lien ne sert qu’une fois. Si vous n’attendiez pas ce message, ne l’ouvrez pas et dites-le à votre administrateur.`,
  }),
  'transfer-asked': ({ firstName, url }) => ({
    subject: 'Mon Suivi Justice\u00a0: une mutation attend votre réponse',
    text: `Bonjour ${firstName},

La mutation d’un agent de votre service, ou vers votre service, est demandée. Elle attend votre réponse\u00a0:

${url}`,
  }),
  'transfer-confirmed': ({ firstName, url }) => ({
    subject: 'Mon Suivi Justice\u00a0: la mutation est faite',
    text: `Bonjour ${firstName},

La mutation que vous aviez demandée est confirmée\u00a0:

${url}`,
  }),
  'transfer-refused': ({ firstName, url }) => ({
    subject: 'Mon Suivi Justice\u00a0: la mutation est refusée',
    text: `Bonjour ${firstName},

L’autre service a refusé la mutation que vous aviez demandée\u00a0:

${url}`,
  }),
  moved: ({ firstName, url }) => ({
    subject: 'Mon Suivi Justice\u00a0: vous changez de service',
    text: `Bonjour ${firstName},

Votre compte est maintenant rattaché à votre nouveau service. Vos suivis ont été confiés à vos collègues.
Connectez-vous de nouveau\u00a0:

${url}`,
  }),
  'password-reset': ({ firstName, url }) => ({
    subject: 'Mon Suivi Justice\u00a0: choisir un nouveau mot de passe',
    text: `Bonjour ${firstName},

Un nouveau mot de passe a été demandé pour votre compte. Choisissez-le à cette adresse, dans les trente minutes\u00a0:

${url}

Ce lien ne sert qu’une fois. Si vous n’avez rien demandé, ne faites rien\u00a0: votre mot de passe reste le même.`,
  }),
};

/** What an agent reads on this occasion. */
export function agentMailWords(kind: AgentMailKind, told: Told): MailWords {
  return WORDS[kind](told);
}
