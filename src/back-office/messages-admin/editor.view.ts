import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { CheckTemplate, type CheckedTemplate } from '../../notifications/templates/check-template.js';
import { typeShowsAddress } from '../../notifications/templates/save-template.js';
import {
  findTemplateOwner,
  listTemplatesInForce,
  listTemplateVersions,
  type TemplateInForce,
  type TemplateKey,
  type TemplateVersion,
} from '../../notifications/templates/template.queries.js';
import { partPrice, yearlyVolumes } from '../../notifications/templates/template-samples.query.js';
import {
  type FrenchChange,
  frenchChangedSince,
  typesServedBy,
} from '../../notifications/templates/template-uses.query.js';
import { languageOf } from '../../shared/message-languages.js';
import { OfficeHours } from '../office-hours.js';

interface TextInForce {
  readonly id: string;
  readonly text: string;
  readonly isOwn: boolean;
  /** Types whose messages are written from it. */
  readonly usedBy: readonly string[];
}

export interface EditorContent {
  /** Which text it is. */
  readonly which: TemplateKey;
  readonly ownerName: string;
  readonly typeName: string;
  /** As it stands in the field. */
  readonly text: string;
  /** Opened where there is no text yet: nothing to judge. */
  readonly isUntouched: boolean;
  readonly checked: CheckedTemplate;
  /** The newest version that was on the page; 0: the service has none. */
  readonly base: number;
  /** What leaves today, and whether it is this service's own. */
  readonly inForce: TextInForce | null;
  /** Of another language: French texts that changed after the one in force was reviewed. */
  readonly frenchChanges: readonly FrenchChange[];
  /** The French text, beside a translation. */
  readonly french: string | null;
  /** Waits for somebody who reads the language. */
  readonly draft: { readonly id: string; readonly text: string } | null;
  readonly versions: readonly TemplateVersion[];
  /** No type uses what stands in the field, or would once it is saved and reviewed: others come first. */
  readonly servesNoType: boolean;
  readonly messages: number;
  readonly partCents: number;
  /** Of the reader. */
  readonly timeZone: string;
}

@Injectable()
export class EditorPages {
  constructor(
    private readonly check: CheckTemplate,
    private readonly officeHours: OfficeHours,
  ) {}

  /**
   * @param typed what stands in the field; null: the newest version, else the draft, else what leaves today
   * @param from id of an older version to start from
   * @throws NotFound for another service's, or an unknown type
   */
  async content(
    tx: EntityManager,
    actor: Actor,
    key: TemplateKey,
    typed: string | null,
    from: unknown = null,
  ): Promise<EditorContent> {
    const owner = await findTemplateOwner(tx, actor, key.organizationId);
    const showsAddress = await typeShowsAddress(tx, key.typeCode);
    const versions = await listTemplateVersions(tx, key);
    const draft = await draftOf(tx, key, versions);
    const { inForce, french, frenchChanges, typeName } = await textsInForce(tx, key);
    const chosen = versions.find(({ id }) => id === from);
    const text = typed ?? chosen?.text ?? versions[0]?.text ?? draft?.text ?? inForce?.text ?? '';
    const served = await typesServedBy(tx, key, text);
    return {
      ...{
        which: key,
        ownerName: owner.name,
        typeName,
        text,
        inForce,
        french,
        frenchChanges,
        draft,
        versions,
      },
      isUntouched: typed === null && text === '',
      checked: await this.check.execute(tx, text, { ...key, showsAddress }),
      base: versions[0]?.version ?? 0,
      servesNoType: served.length === 0,
      messages: await messagesOf(tx, key, served),
      partCents: await partPrice(tx, key.organizationId),
      timeZone: (await this.officeHours.of(tx, actor)).timeZone,
    };
  }
}

/** That leave in a year for these types. */
async function messagesOf(
  tx: EntityManager,
  key: TemplateKey,
  typeCodes: readonly string[],
): Promise<number> {
  return (await yearlyVolumes(tx, key))
    .filter(({ kind, typeCode }) => kind === key.kind && typeCodes.includes(typeCode))
    .reduce((sum, { messages }) => sum + messages, 0);
}

/** The newest own version if nobody reviewed it; for a service without any, or back to the default, the default's. */
async function draftOf(
  tx: EntityManager,
  key: TemplateKey,
  versions: readonly TemplateVersion[],
): Promise<EditorContent['draft']> {
  const isOfOthers = (versions[0]?.text ?? null) === null && key.organizationId !== null;
  const [newest] = isOfOthers ? await listTemplateVersions(tx, { ...key, organizationId: null }) : versions;
  if (newest === undefined || newest.reviewedAt !== null || newest.text === null) return null;
  return { id: newest.id, text: newest.text };
}

async function textsInForce(
  tx: EntityManager,
  key: TemplateKey,
): Promise<Pick<EditorContent, 'inForce' | 'french' | 'frenchChanges' | 'typeName'>> {
  const isThis = ({ typeCode }: TemplateInForce) => typeCode === key.typeCode;
  const all = await listTemplatesInForce(tx, key, [key.kind]);
  const asked = all.find(isThis);
  const inForce = inForceOf(key, asked, all);
  const typeName = asked?.typeName ?? '';
  if (key.language === 'fr') return { typeName, inForce, french: null, frenchChanges: [] };
  const inFrench = await listTemplatesInForce(tx, { ...key, language: 'fr' }, [key.kind]);
  return {
    ...{ typeName, inForce, french: inFrench.find(isThis)?.text ?? null },
    frenchChanges:
      inForce === null ? [] : await frenchChangedSince(tx, key, inForce.id, typesOf(key, asked, all)),
  };
}

function inForceOf(
  key: TemplateKey,
  asked: TemplateInForce | undefined,
  all: readonly TemplateInForce[],
): TextInForce | null {
  const { id = null, text = null, isOwn = false, language = null } = asked ?? {};
  if (id === null || text === null || languageOf(language).code !== key.language) return null;
  const used = all.filter((one) => one.id === id && one.typeCode !== null);
  return { id, text, isOwn, usedBy: used.map(({ typeName }) => typeName) };
}

/** The type asked for; of the general text, those that use it. */
function typesOf(
  { typeCode }: TemplateKey,
  asked: TemplateInForce | undefined,
  all: readonly TemplateInForce[],
): readonly string[] {
  if (typeCode !== null) return [typeCode];
  return all.flatMap((one) => (one.id === asked?.id && one.typeCode !== null ? [one.typeCode] : []));
}
