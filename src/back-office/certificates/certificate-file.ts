import type { CertificateWithCalls } from '../../notifications/certificates/certificate.queries.js';
import { printedCode } from '../../notifications/domain/certificate.js';
import { cityOf, plural } from '../../ui/typography.js';
import { column, type ExportFile, type ExportTable } from '../../ui/exports/export-file.js';
import { callFacts, callName, inGroups, issuedWords } from './certificate-words.js';

export interface CertificateContext {
  /** « Awa Kermadec, née le 14 avril 1990 ». */
  readonly person: string;
  /** « convocation du mardi 16 juin 2026 à 9 h 00 », or all of them. */
  readonly about: string;
  readonly timeZone: string;
  readonly checkAddress: string;
}

const LIMITS = [
  'Cette attestation dit ce qui a été remis à un opérateur, quand, et ce que l’opérateur en a répondu. Elle ne dit pas que la personne a lu le message.',
  '« Remis à l’opérateur » : l’appel à l’opérateur a commencé à cette heure. « Reçu par le téléphone » : l’opérateur le déclare.',
  'Le texte n’est pas gardé : son empreinte permet de reconnaître un texte présenté. Le numéro n’est montré que par ses deux derniers chiffres.',
];

/** The paper: who, what, when, with which receipt; and how to tell whether it is true. */
export function certificateFile(
  { certificate, calls, isUnchanged }: CertificateWithCalls,
  { person, about, timeZone, checkAddress }: CertificateContext,
): ExportFile {
  const { code, organizationName, agentName, issuedAt, contentDigest } = certificate;
  const { journalDay, journalSeq, journalHash } = certificate;
  return {
    fileName: `attestation-${code.toLowerCase()}`,
    title: 'Attestation d’envoi de messages',
    lines: [
      `Personne : ${person}`,
      `Objet : ${about}`,
      `Délivrée le ${issuedWords(issuedAt, timeZone)} (heure de ${cityOf(timeZone)}) par ${agentName}, ${organizationName}. État connu une minute avant.`,
      `Référence : ${printedCode(code)}, à vérifier sur ${checkAddress}`,
      `Empreinte du contenu (SHA-256) : ${inGroups(contentDigest.toString('hex'))}`,
      journalHash === null || journalDay === null
        ? 'Tête du journal : aucune encore.'
        : `Tête du journal du ${journalDay}, maillon ${journalSeq ?? ''} : ${inGroups(journalHash)}`,
      ...(isUnchanged
        ? []
        : ['ATTENTION : les données ont changé depuis que cette attestation a été délivrée.']),
      ...(calls.length === 0
        ? ['Aucun message n’a été remis à un opérateur.']
        : [plural(calls.length, 'envoi')]),
      ...(calls.length === 0 ? LIMITS : []),
    ],
    tables: calls.map((call, at): ExportTable => {
      const isLast = at === calls.length - 1;
      const again = call.number > 1 ? `, essai ${call.number}` : '';
      // The text of another convocation, which told this one too.
      const isShared = certificate.convocationId !== null && call.convocationId !== certificate.convocationId;
      return {
        name: `envoi-${at + 1}`,
        title: `${at + 1}. ${callName(call)}${again}${isShared ? ', commun à un autre rendez-vous du même jour' : ''}`,
        columns: [column.text('Ce qui est connu'), column.text('Valeur')],
        rows: callFacts(call, timeZone),
        notes: isLast ? LIMITS : [],
      };
    }),
    madeAt: issuedAt,
  };
}
