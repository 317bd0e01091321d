import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { Actor } from '../../access/actor.js';
import { JournalKeys } from '../../access/journal/journal-keys.js';
import { convocationsOfPerson, type ConvocationView } from '../../convocations/convocation.queries.js';
import { certificatesOf, findCertificate } from '../../notifications/certificates/certificate.queries.js';
import { certifiedCalls } from '../../notifications/certificates/certified-calls.query.js';
import { certifiable } from '../../notifications/certificates/issue-certificate.js';
import { type CertifiedCall, certifiedUntil, printedCode } from '../../notifications/domain/certificate.js';
import { findPerson } from '../../persons/person.queries.js';
import type { ExportFile } from '../../ui/exports/export-file.js';
import { plainDate, shortMoment } from '../../ui/typography.js';
import { instantOf } from '../../shared/time.js';
import { day } from '../../ui/typography.js';
import { hourInWords } from '../../shared/french-dates.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { fullName } from '../persons/person-words.js';
import { certificateFile } from './certificate-file.js';
import { callName, lastWord, momentIn } from './certificate-words.js';
import type { CertificateView } from './certificate.page.js';

const EVERYTHING = 'toutes ses convocations';
const ELSEWHERE = 'un autre rendez-vous du même jour';

/** What the page of certificates shows, and what the paper says. */
@Injectable()
export class CertificatePages {
  constructor(
    private readonly env: Env,
    private readonly keys: JournalKeys,
    private readonly officeHours: OfficeHours,
  ) {}

  /** @throws NotFound for a person or a convocation of somebody else */
  async content(
    tx: EntityManager,
    actor: Actor,
    personId: string,
    convocationId: string | null,
  ): Promise<Omit<CertificateView, 'frame'>> {
    const office = await this.officeHours.of(tx, actor);
    const person = await findPerson(tx, actor, personId, 'certificate.make');
    const convocations = await convocationsOfPerson(tx, actor, person);
    const messageIds = await certifiable(tx, convocations, convocationId);
    const calls = await certifiedCalls(tx, messageIds, certifiedUntil(office.now));
    const issued = await certificatesOf(tx, personId);
    const words = wordsOf(convocations);
    return {
      personId,
      name: fullName(person),
      convocationId,
      about: convocationId === null ? EVERYTHING : (words.get(convocationId) ?? ''),
      calls: calls.map((call) => ({
        key: `${call.messageId} ${call.number}`,
        name: callName(call),
        about: aboutOf(call, convocations, words),
        sentAt: momentIn(call.startedAt, office.timeZone),
        recipient: call.recipient,
        said: lastWord(call),
      })),
      issued: issued.map(({ id, code, issuedAt, agentName, organizationName }) => ({
        id,
        code: printedCode(code),
        issued: momentWords(issuedAt, office),
        by: `${agentName}, ${organizationName}`,
      })),
    };
  }

  /** The paper of a certificate, as it was issued. @throws NotFound */
  async file(tx: EntityManager, actor: Actor, id: string): Promise<ExportFile> {
    const { timeZone } = await this.officeHours.of(tx, actor);
    const found = await findCertificate(tx, actor, this.keys, id);
    const { personId, convocationId } = found.certificate;
    const person = await findPerson(tx, actor, personId, 'certificate.make');
    const words = wordsOf(await convocationsOfPerson(tx, actor, person));
    const born = person.birthDate === null ? '' : `, né(e) le ${plainDate(person.birthDate)}`;
    return certificateFile(found, {
      person: `${fullName(person)}${born}`,
      about: convocationId === null ? EVERYTHING : (words.get(convocationId) ?? 'une convocation'),
      timeZone,
      checkAddress: `${this.env.PUBLIC_BASE_URL}/certificates/check`,
    });
  }
}

function wordsOf(convocations: readonly ConvocationView[]): ReadonlyMap<string, string> {
  return new Map(
    convocations.map(({ id, date, time }) => [id, `convocation du ${day(date)} à ${hourInWords(time)}`]),
  );
}

/** A text about an hour that was moved since says so, and one of another service that told of this person's day too. */
function aboutOf(
  { convocationId, promiseVersion }: CertifiedCall,
  convocations: readonly ConvocationView[],
  words: ReadonlyMap<string, string>,
): string {
  const convocation = convocations.find(({ id }) => id === convocationId);
  if (convocation === undefined) return ELSEWHERE;
  const name = words.get(convocationId) ?? '';
  return convocation.promiseVersion === promiseVersion ? name : `${name}, avant son déplacement`;
}

function momentWords(at: Date, office: Office): string {
  return shortMoment(instantOf(at), office.timeZone, office.timeZone, office.now);
}
