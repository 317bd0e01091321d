import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../../access/actor.js';
import { MESSAGE_KINDS, type MessageKind } from '../../notifications/domain/notification.states.js';
import { PreviewTemplate } from '../../notifications/templates/preview-template.js';
import {
  findTemplateOwner,
  listTemplateDrafts,
  listTemplatesInForce,
  type TemplateDraft,
  type TemplateInForce,
} from '../../notifications/templates/template.queries.js';
import { partPrice, yearlyVolumes } from '../../notifications/templates/template-samples.query.js';
import { listOrganizations } from '../../organizations/organization.queries.js';
import { languageOf } from '../../shared/message-languages.js';
import { namedOptions, type Option } from '../../ui/select-field.js';
import { NATIONAL } from '../service-switch.js';
import { type SheetKey, textHref } from './text-address.js';

/** The two longest of each sort: what a text costs at worst, and quick for 85 of them. */
const PLACES_TRIED = 8;

export interface SheetCell {
  readonly kind: MessageKind;
  readonly href: string;
  /** Null: no text, nothing leaves. */
  readonly segments: number | null;
  /** With the link that stops messages, which the first text of a convocation carries. */
  readonly segmentsAsFirst: number | null;
  /** Euro cents a year, as the texts usually leave. */
  readonly yearlyCents: number;
  /** If each of them carried the link. */
  readonly mostYearlyCents: number;
  readonly messages: number;
  /** The text is written in this language, else in French. */
  readonly isInLanguage: boolean;
  readonly isOwn: boolean;
  readonly awaitsReview: boolean;
}

export interface SheetRow {
  readonly typeName: string;
  readonly cells: readonly SheetCell[];
}

export interface SheetContent extends SheetKey {
  readonly ownerName: string;
  readonly services: readonly Option[];
  readonly rows: readonly SheetRow[];
  readonly drafts: number;
  readonly partCents: number;
}

@Injectable()
export class SheetPages {
  constructor(private readonly previewTemplate: PreviewTemplate) {}

  /** @throws NotFound for another service's */
  async content(tx: EntityManager, actor: Actor, sheet: SheetKey): Promise<SheetContent> {
    const { organizationId, language } = sheet;
    const owner = await findTemplateOwner(tx, actor, organizationId);
    const inForce = await listTemplatesInForce(tx, sheet, MESSAGE_KINDS);
    const drafts = await listTemplateDrafts(tx, organizationId, language);
    const volumes = await yearlyVolumes(tx, sheet);
    const partCents = await partPrice(tx, organizationId);
    const texts = inForce.map((text) => ({ text: text.text ?? '', key: previewedKey(text, sheet) }));
    const previews = await this.previewTemplate.all(tx, texts, organizationId, PLACES_TRIED);
    const cells = inForce.map((text, at) => {
      const segments = previews[at]?.worst?.cost.segments ?? null;
      const segmentsAsFirst = previews[at]?.asFirst?.cost.segments ?? null;
      const messages =
        volumes.find((one) => one.typeCode === text.typeCode && one.kind === text.kind)?.messages ?? 0;
      return {
        ...{ kind: text.kind, isOwn: text.isOwn, segments, segmentsAsFirst, messages },
        href: textHref({ ...sheet, kind: text.kind, typeCode: text.typeCode }),
        yearlyCents: messages * (segments ?? 0) * partCents,
        mostYearlyCents: messages * (segmentsAsFirst ?? 0) * partCents,
        isInLanguage: text.language === language,
        awaitsReview: drafts.some((draft) => isFor(draft, text, sheet)),
      };
    });
    return {
      ...{ ...sheet, partCents, ownerName: owner.name },
      services: await servicesFor(tx, actor),
      rows: rowsOf(inForce, cells),
      drafts: drafts.filter(({ register }) => register === sheet.register).length,
    };
  }
}

function previewedKey(text: TemplateInForce, sheet: SheetKey) {
  const { kind, typeCode, showsAddress } = text;
  return { ...sheet, kind, typeCode, showsAddress, language: languageOf(text.language).code };
}

function isFor(draft: TemplateDraft, text: TemplateInForce, { register }: SheetKey): boolean {
  return draft.kind === text.kind && draft.typeCode === text.typeCode && draft.register === register;
}

function rowsOf(inForce: readonly TemplateInForce[], cells: readonly SheetCell[]): readonly SheetRow[] {
  const types = [...new Map(inForce.map(({ typeCode, typeName }) => [typeCode, typeName]))];
  return types.map(([typeCode, typeName]) => ({
    typeName,
    cells: cells.filter((_, at) => inForce[at]?.typeCode === typeCode),
  }));
}

/** A central administrator chooses; anybody else has one. */
export async function servicesFor(tx: EntityManager, actor: Actor): Promise<readonly Option[]> {
  if (!actsEverywhere(actor)) return [];
  const services = await listOrganizations(tx, actor);
  return [{ value: NATIONAL, label: 'Textes par défaut' }, ...namedOptions(services)];
}
