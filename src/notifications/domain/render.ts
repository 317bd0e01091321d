import { DomainError } from '../../shared/domain-error.js';

export class TemplateUnrenderable extends DomainError {
  readonly code = 'template-unrenderable';
}

export type TemplateVariable =
  | 'rdv.date'
  | 'rdv.heure'
  | 'lieu.nom'
  | 'lieu.adresse'
  | 'lieu.téléphone'
  | 'lieu.contact'
  | 'lieu.lien_info'
  | 'stop';
export type MessageVariables = Readonly<Record<TemplateVariable, string>>;

export interface RenderSource {
  readonly promise: { readonly date: string; readonly time: string };
  readonly place: {
    readonly name: string;
    readonly address: string;
    readonly phone: string | null;
    readonly email: string | null;
    readonly contactMethod: 'phone' | 'email';
    readonly informationUrl: string | null;
  };
  readonly showsAddress: boolean;
  readonly stopUrl: string | null;
}

export function messageVariables(_source: RenderSource): MessageVariables {
  throw new Error('not written yet');
}
export function renderTemplate(_template: string, _variables: MessageVariables): string {
  throw new Error('not written yet');
}
export function withStopLink(_text: string, _url: string): string {
  throw new Error('not written yet');
}
