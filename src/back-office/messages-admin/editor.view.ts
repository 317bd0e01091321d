import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { CheckTemplate, type CheckedTemplate } from '../../notifications/templates/check-template.js';
import { typeShowsAddress } from '../../notifications/templates/save-template.js';
import {
  findTemplateOwner,
  listTemplatesInForce,
  listTemplateVersions,
  type TemplateKey,
  type TemplateVersion,
} from '../../notifications/templates/template.queries.js';
import { partPrice, yearlyVolumes } from '../../notifications/templates/template-samples.query.js';
import { languageOf } from '../../shared/message-languages.js';
import { OfficeHours } from '../office-hours.js';

export interface EditorContent {
  /** Which text it is. */
  readonly which: TemplateKey;
  readonly ownerName: string;
  readonly typeName: string;
  /** As it stands in the field. */
  readonly text: string;
  readonly checked: CheckedTemplate;
  /** The newest version that was on the page; 0: the service has none. */
  readonly base: number;
  /** What leaves today, and whether it is this service's own. */
  readonly inForce: { readonly id: string; readonly text: string; readonly isOwn: boolean } | null;
  /** The French text, beside a translation. */
  readonly french: string | null;
  /** Waits for somebody who reads the language. */
  readonly draft: { readonly id: string; readonly text: string } | null;
  readonly versions: readonly TemplateVersion[];
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
    const { inForce, french, typeName } = await textsInForce(tx, key);
    const chosen = versions.find(({ id }) => id === from);
    const text = typed ?? chosen?.text ?? versions[0]?.text ?? draft?.text ?? inForce?.text ?? '';
    const volumes = await yearlyVolumes(tx, key);
    return {
      ...{ which: key, ownerName: owner.name, typeName, text, inForce, french, draft, versions },
      checked: await this.check.execute(tx, text, { ...key, showsAddress }),
      base: versions[0]?.version ?? 0,
      messages: volumes
        .filter((one) => one.kind === key.kind && (key.typeCode === null || one.typeCode === key.typeCode))
        .reduce((sum, { messages }) => sum + messages, 0),
      partCents: await partPrice(tx, key.organizationId),
      timeZone: (await this.officeHours.of(tx, actor)).timeZone,
    };
  }
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
): Promise<Pick<EditorContent, 'inForce' | 'french' | 'typeName'>> {
  const of = async (language: TemplateKey['language']) =>
    (await listTemplatesInForce(tx, { ...key, language }, [key.kind])).find(
      ({ typeCode }) => typeCode === key.typeCode,
    );
  const asked = await of(key.language);
  const french = key.language === 'fr' ? undefined : await of('fr');
  const { id = null, text = null, isOwn = false } = asked ?? {};
  const isAsked = languageOf(asked?.language ?? null).code === key.language;
  return {
    typeName: asked?.typeName ?? '',
    inForce: id === null || text === null || !isAsked ? null : { id, text, isOwn },
    french: french?.text ?? null,
  };
}
