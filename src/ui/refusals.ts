import { DomainError, type FieldError, ValidationFailed } from '../shared/domain-error.js';
import type { Problem, Problems } from './forms.js';

/** What each refusal says to an agent: by code, that of the public contract, and by what it is about. */
export const SENTENCES: Readonly<Record<string, string>> = {
  validation: 'Une valeur n’est pas valable.',
  unauthenticated: 'Votre session est terminée. Connectez-vous de nouveau.',
  forbidden: 'Votre rôle ne permet pas cette action.',
  'not-found': 'Introuvable, ou suivi par un autre service.',
  'slot-full': 'Ce créneau vient d’être complété. Choisissez-en un autre.',
  'slot-closed': 'Ce créneau est fermé. Choisissez-en un autre.',
  'illegal-transition':
    'L’état de la convocation ne permet plus cette action. Elle a peut-être été marquée par un collègue.',
  'too-early': 'L’heure promise n’est pas encore passée\u00a0: l’issue se marque après.',
  'too-late': 'L’heure promise est passée\u00a0: marquez une issue.',
  'duplicate-person':
    'Cette personne existe déjà. Cherchez-la, ou donnez son n°\u00a0APPI pour la distinguer.',
  conflict: 'Quelqu’un a modifié ces données entre-temps. Relisez, puis recommencez.',
  'conflict:already-booked':
    'La personne est déjà convoquée à cette heure, dans cet agenda. Choisissez une autre heure.',
  'conflict:lists-unread':
    'Un opérateur ne donne plus sa liste comme sur la page que vous avez lue. Rien n’est parti\u00a0: relisez, puis décidez.',
  'conflict:lists-more-served':
    'Un opérateur a servi d’autres numéros depuis la page que vous avez lue. Rien n’est parti\u00a0: relisez, puis décidez.',
  'conflict:old-secrets':
    'Deux anciens secrets signent encore. Attendez la fin du premier pour en demander un autre.',
  'conflict:plan':
    'Quelqu’un a changé ce plan entre-temps. Comparez-le avec le vôtre, puis enregistrez ou quittez la page.',
  'conflict:task': 'Cette tâche a changé entre-temps\u00a0: un collègue l’a traitée, ou un texte est parti.',
  'idempotency-conflict': 'Ce formulaire a déjà été envoyé avec d’autres valeurs. Rechargez la page.',
  'person-archived': 'Cette personne est archivée\u00a0: elle ne peut être ni modifiée ni convoquée.',
  'in-the-past': 'Cette heure est déjà passée sur place.',
  'too-far-ahead': 'Cette date est à plus d’un an.',
  'closed-day': 'Le lieu est fermé ce jour-là (week-end, jour férié ou fermeture).',
  'nonexistent-local-time': 'Cette heure n’existe pas ce jour-là\u00a0: on passe à l’heure d’été.',
  'phone-invalid':
    'Ce numéro n’est pas un numéro de téléphone. Exemple\u00a0: 06\u00a012\u00a034\u00a056\u00a078.',
  'type-not-allowed': 'Ce type de convocation n’est pas possible ici, ou pas pour votre rôle.',
  'rate-limited': 'Trop d’essais. Patientez un moment, puis recommencez.',
};

/** What is wrong with one field: by field and code, else by field. */
const FIELDS: Readonly<Record<string, string>> = {
  placeKind: 'Une sortie d’audience se tient dans une sorte de service\u00a0: choisissez laquelle.',
  bookedBy: 'Cochez au moins un rôle.',
  informationUrl: 'Cette adresse de page n’est pas valable. Exemple\u00a0: https://www.exemple.fr/acces.',
  contactMethod: 'Donnez le téléphone ou l’e-mail que les messages indiquent.',
  address: 'Donnez une adresse, en 300\u00a0caractères au plus.',
  newHeadquarters: 'Ce siège existe déjà, ou son nom dépasse 120\u00a0caractères.',
  headquarters: 'Choisissez un siège de la liste.',
  calendar: 'Choisissez un calendrier.',
  siret: 'Un SIRET a 14\u00a0chiffres.',
  emailDomains: 'Donnez au plus 20\u00a0domaines, par exemple justice.fr, séparés par des virgules.',
  kind: 'Choisissez SPIP ou tribunal.',
  links: 'Un tribunal se lie à des SPIP, un SPIP à des tribunaux.',
  'archive:future-convocations':
    'Des personnes y sont encore convoquées. Reportez ou annulez ces convocations d’abord.',
  'timeZone:future-convocations':
    'Des convocations à venir portent l’heure d’ici\u00a0: reportez-les ou annulez-les avant de changer de fuseau.',
  timeZone: 'Choisissez une heure de France.',
  'agendaName:taken': 'Ce lieu a déjà un agenda de ce nom.',
  agendaName: 'Donnez un nom à l’agenda, en 120\u00a0caractères au plus.',
  'name:taken': 'Ce nom est déjà pris.',
  name: 'Donnez un nom, en 120\u00a0caractères au plus.',
  url: 'Donnez une adresse en https, sans identifiant, sur le port 443, 8443 ou plus de 1023.',
  events: 'Cochez au moins un évènement.',
  role: 'Choisissez un rôle de ce service.',
  overlapDays: 'De 0 à 7\u00a0jours.',
  validDays: 'De 1 à 366\u00a0jours.',
  scopes: 'Cochez au moins un droit.',
  keyName: 'Dites à quoi sert la clé, en 80\u00a0caractères au plus.',
  agendaId: 'Choisissez un agenda.',
  appiNumber: 'Le n°\u00a0APPI a 8 ou 12\u00a0chiffres, avec parfois une lettre à la fin.',
  birthDate: 'Donnez une date de naissance réelle\u00a0; la personne a au moins 16\u00a0ans.',
  confirmed: 'Dites que vous lisez cette langue et que vous avez relu ce texte.',
  capacity: 'Entre 1 et 500\u00a0places, et pas moins que de personnes déjà convoquées.',
  cancelledBy: 'Dites qui annule.',
  date: 'Donnez une date, par exemple 14/04/2026.',
  dates: 'Choisissez au moins un jour.',
  durationMinutes: 'Entre 5 et 600\u00a0minutes.',
  email: 'Cette adresse e-mail n’est pas valable. Exemple\u00a0: prenom.nom@exemple.fr.',
  heardBy: 'Choisissez un agent de votre service.',
  alertText: 'Écrivez l’alerte, en 500\u00a0caractères au plus.',
  'email:here-already': 'Cette personne est déjà dans ce service\u00a0: cherchez-la dans la liste.',
  'email:taken':
    'Cette adresse ne peut pas être invitée ici. Si la personne travaille déjà dans un autre service, demandez sa mutation.',
  endsOn: 'Donnez le dernier jour, par exemple 14/04/2026.',
  'endsOn:before-start': 'Le dernier jour est avant le premier.',
  'endsOn:over': 'Ce dernier jour est déjà passé.',
  'endsOn:too-long': '400\u00a0jours au plus.',
  heir: 'Choisissez un collègue de ce service qui y travaille encore.',
  level: 'Choisissez un ton\u00a0: information, bonne nouvelle ou attention.',
  replacementId: 'Choisissez qui remplace\u00a0: un collègue du même service.',
  'replacementId:away': 'Ce collègue est absent pendant ces jours\u00a0: choisissez-en un autre.',
  roles: 'Choisissez des rôles de la liste.',
  startsOn: 'Donnez le premier jour, par exemple 14/04/2026.',
  'startsOn:overlap': 'Une absence est déjà notée pour ces jours.',
  toOrganizationId: 'Choisissez un autre service, de même nature.',
  firstName: 'Donnez le prénom, en lettres (100\u00a0caractères au plus).',
  from: 'Donnez la date de début, par exemple 14/04/2026.',
  language: 'Choisissez une langue de la liste.',
  lastName: 'Donnez le nom, en lettres (100\u00a0caractères au plus).',
  note: '300\u00a0caractères au plus.',
  notify: 'Choisissez les messages à envoyer.',
  outcome: 'Dites ce qu’il en est\u00a0: choisissez une des issues proposées.',
  password: 'Choisissez un autre mot de passe.',
  code: 'Ce code ne convient pas. Tapez celui que l’application affiche en ce moment.',
  current: 'Ce n’est pas votre mot de passe actuel.',
  'password:context':
    'Ce mot de passe contient un mot que l’on devine ici\u00a0: votre nom, votre adresse, votre service, votre ville, ou «\u00a0justice\u00a0», «\u00a0SPIP\u00a0», «\u00a0convocation\u00a0». Retirez-le.',
  'password:guessable':
    'Ce mot de passe se devine trop vite\u00a0: évitez les prénoms, les suites du clavier et les expressions connues. Ajoutez un ou deux mots sans rapport.',
  'password:too-long': 'Ce mot de passe est trop long\u00a0: 128\u00a0caractères au plus.',
  'password:too-short':
    'Ce mot de passe est trop court\u00a0: 15\u00a0caractères au moins, par exemple quatre mots.',
  'password:too-simple': 'Ce mot de passe répète trop les mêmes caractères.',
  'password:mismatch': 'Les deux mots de passe diffèrent.',
  phone: 'Ce numéro ne se lit pas. Exemple\u00a0: 06\u00a012\u00a034\u00a056\u00a078.',
  'phone:no-phone': 'Donnez un numéro, ou cochez «\u00a0Sans téléphone\u00a0», pas les deux.',
  query: 'Tapez un nom, une date de naissance, un n°\u00a0APPI ou un téléphone.',
  reason: 'Dites pourquoi, en 300\u00a0caractères au plus.',
  seat: 'Choisissez un créneau ou une date libre.',
  served: 'Des messages sont peut-être déjà partis\u00a0: dites ce qu’ils deviennent.',
  slotId: 'Choisissez un créneau\u00a0: ce type se tient dans un créneau.',
  text: 'Ce texte ne peut pas être envoyé\u00a0: voyez ce qui en est dit à côté.',
  time: 'Donnez une heure, par exemple 09:30.',
  times: 'Donnez au moins une heure, par exemple 09:00 10:30.',
  typeCode: 'Choisissez un type.',
  wordMeans: 'Dites comment la personne l’a dit\u00a0: sur place, au téléphone ou par courrier.',
  wordSaidOn: 'Donnez le jour où la personne l’a dit, par exemple 14/04/2026.',
  'wordSaidOn:before-refusal': 'Ce jour est avant le refus\u00a0: il faut une parole donnée depuis.',
  'wordSaidOn:in-the-future': 'Ce jour n’est pas encore venu.',
  week: 'Cette semaine n’existe pas.',
  weeks: 'Entre 1 et 52\u00a0semaines.',
};

/** @returns undefined for what no form can mend: missing, forbidden, or a fault of ours */
export function problemsOf(error: unknown): Problems | undefined {
  if (!(error instanceof DomainError) || error.code === 'not-found' || error.code === 'forbidden')
    return undefined;
  if (error instanceof ValidationFailed) return distinct(error.errors.map(fieldProblem));
  const sentence = SENTENCES[`${error.code}:${error.about}`] ?? sentenceOfCode(error.code);
  return [{ field: error.field, sentence }];
}

export function sentenceOfCode(code: string): string {
  return SENTENCES[code] ?? 'L’action a été refusée.';
}

function fieldProblem({ field, code }: FieldError): Problem {
  const sentence = FIELDS[`${field}:${code}`] ?? FIELDS[field];
  return sentence === undefined ? { sentence: sentenceOfCode('validation') } : { field, sentence };
}

function distinct(problems: Problems): Problems {
  return problems.filter((one, at) => problems.findIndex(({ sentence }) => sentence === one.sentence) === at);
}
