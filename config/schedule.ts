/** A repeated task: what runs, when, in which zone, and the sentence that explains it to an operator. */
export interface ScheduledTask {
  readonly id: TaskId;
  /** Six fields, seconds first. */
  readonly cron: string;
  readonly timeZone: string;
  readonly sentence: string;
  /** Role its transaction takes: statistics reads counts of every service and no name, worker reads everything. */
  readonly runsAs: 'worker' | 'statistics';
}

export type TaskId =
  | 'relay'
  | 'sweep'
  | 'resolve'
  | 'follow-up'
  | 'check-reach'
  | 'fold-tally'
  | 'replan-messages'
  | 'end-trials'
  | 'extend-weekly-slots'
  | 'tell-agents'
  | 'forget-sessions'
  | 'publish-figures'
  | 'fold-attendance'
  | 'deliver-webhooks'
  | 'forget-deliveries'
  | 'fold-breakdowns'
  | 'seal-journal'
  | 'forget-names';

/** Every repeated task of the service; run by the workers, one at a time whatever their number. */
export const SCHEDULE: readonly ScheduledTask[] = [
  {
    id: 'relay',
    cron: '* * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence: 'Réveille l’envoi des messages dus.',
  },
  {
    id: 'sweep',
    cron: '*/10 * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence:
      'Reprend les messages réveillés mais jamais traités, met en vérification les appels sans réponse, périme ce qui n’est plus utile.',
  },
  {
    id: 'resolve',
    cron: '*/5 * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence: 'Cherche chez l’opérateur les messages en vérification, puis décide.',
  },
  {
    id: 'fold-tally',
    cron: '30 * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence: 'Additionne les compteurs de messages et d’appels.',
  },
  {
    id: 'follow-up',
    cron: '*/10 * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence:
      'Tire la suite de chaque message qui n’est pas arrivé : e-mail, second essai, ou tâche « joindre autrement » ; ferme les tâches sans objet.',
  },
  {
    id: 'check-reach',
    cron: '*/30 * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence:
      'À 24 heures, redit par e-mail ce que rien ne confirme ; à 4 heures, ouvre une tâche pour quiconque n’est pas joint.',
  },
  {
    id: 'replan-messages',
    cron: '*/5 * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence:
      'Planifie de nouveau, par lots, les messages que touche un changement de plan, d’heures d’envoi ou de territoire, ou l’arrêt d’un essai.',
  },
  {
    id: 'end-trials',
    cron: '0 1 * * * *',
    timeZone: 'Europe/Paris',
    runsAs: 'worker',
    sentence:
      'Termine les essais dont le dernier jour est passé : leurs services peuvent en commencer un autre.',
  },
  {
    id: 'extend-weekly-slots',
    cron: '0 30 2 * * *',
    timeZone: 'Europe/Paris',
    runsAs: 'worker',
    sentence: 'Ouvre les créneaux hebdomadaires jusqu’à six mois.',
  },
  {
    id: 'tell-agents',
    cron: '*/5 * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence: 'Envoie aux agents leurs invitations et ce qu’une mutation leur demande.',
  },
  {
    id: 'forget-sessions',
    cron: '0 10 * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence:
      'Efface les sessions terminées, les échecs de connexion et les clés d’idempotence anciens, les numéros et adresses que rien ne nomme plus.',
  },
  {
    id: 'fold-attendance',
    cron: '45 * * * * *',
    timeZone: 'UTC',
    runsAs: 'statistics',
    sentence: 'Additionne les présences et les absences marquées depuis la dernière minute.',
  },
  {
    id: 'fold-breakdowns',
    cron: '0 20 3 * * *',
    timeZone: 'Europe/Paris',
    runsAs: 'statistics',
    sentence:
      'Compte par mois les convocations selon l’âge, le délai, les messages et le créneau, pour la page « Absence ».',
  },
  {
    id: 'deliver-webhooks',
    cron: '*/5 * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence: 'Appelle les logiciels qui ont demandé à être prévenus, et recommence ce qui n’est pas passé.',
  },
  {
    id: 'forget-deliveries',
    cron: '0 50 3 * * *',
    timeZone: 'Europe/Paris',
    runsAs: 'worker',
    sentence: 'Efface les appels aux autres logiciels de plus de 30 jours.',
  },
  {
    id: 'publish-figures',
    cron: '0 40 3 * * *',
    timeZone: 'Europe/Paris',
    runsAs: 'statistics',
    sentence: 'Arrête les chiffres publics de chaque trimestre clos depuis 30 jours.',
  },
  {
    id: 'seal-journal',
    cron: '*/10 * * * * *',
    timeZone: 'UTC',
    runsAs: 'worker',
    sentence: 'Enchaîne les nouvelles lignes du journal : aucune ne peut plus changer sans que cela se voie.',
  },
  {
    id: 'forget-names',
    cron: '0 50 3 * * *',
    timeZone: 'Europe/Paris',
    runsAs: 'worker',
    sentence: 'Retire du journal les noms de plus d’un an : seules restent des empreintes.',
  },
];

/** Tasks that run each minute or oftener: one that did not for minutes has stopped, or fails each time. */
export const FREQUENT_TASKS: readonly TaskId[] = SCHEDULE.filter(({ cron }) =>
  cron
    .split(' ')
    .slice(1)
    .every((field) => field === '*'),
).map(({ id }) => id);

/** `docs/schedule.md`, whole: `npm run docs` writes it and a test holds it to this list. */
export function scheduleDocument(): string {
  const rows = SCHEDULE.map(
    ({ id, cron, timeZone, sentence }) => `| \`${id}\` | \`${cron}\` | ${timeZone} | ${sentence} |`,
  );
  return [
    '# Repeated tasks',
    '',
    'Written by `npm run docs` from `config/schedule.ts`. Workers run them, one at a time whatever their number.',
    '',
    '| task | seconds minutes hours day month weekday | zone | what it does (as shown to operators) |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
