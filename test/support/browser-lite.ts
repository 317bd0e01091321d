import { type Answer, receive } from './client.js';

/** A form as a browser would send it: where, and its fields with their values on the page. */
export interface Form {
  readonly action: string;
  readonly method: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Keeps cookies, reads forms, never runs a script. */
export class Browser {
  private readonly jar = new Map<string, string>();

  constructor(
    private readonly baseUrl: string,
    cookie?: string,
  ) {
    const [name, value] = cookie?.split('=') ?? [];
    if (name !== undefined && value !== undefined) this.jar.set(name, value);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, { headers });
  }

  /** The form of the page at `path` that posts to `action`. */
  async form(path: string, action: string): Promise<Form> {
    const forms = formsOf((await this.get(path)).text);
    const found = forms.find((form) => form.action === action);
    if (found === undefined) throw new Error(`no form to ${action} on ${path}`);
    return found;
  }

  submit(
    form: Form,
    fields: Readonly<Record<string, string>>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const body = new URLSearchParams({ ...form.fields, ...fields });
    return this.send(form.action, { method: 'POST', body, headers });
  }

  cookie(name: string): string | undefined {
    return this.jar.get(name);
  }

  cookieHeader(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private async send(
    path: string,
    init: Omit<RequestInit, 'headers'> & { headers: Record<string, string> },
  ): Promise<Answer> {
    const headers = { ...(this.jar.size === 0 ? {} : { cookie: this.cookieHeader() }), ...init.headers };
    const answer = await receive(fetch(this.baseUrl + path, { ...init, headers, redirect: 'manual' }));
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }
}

/** Every form of a page, with the values its fields have; a button that posts elsewhere makes a form of its own. */
export function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].flatMap(([, tag = '', inside = '']) => {
    const form = {
      action: attribute(tag, 'action') ?? '',
      method: (attribute(tag, 'method') ?? 'get').toLowerCase(),
      fields: fieldsOf(inside),
    };
    const elsewhere = [...inside.matchAll(/<button\b([^>]*)>/g)].map(([, button = '']) =>
      attribute(button, 'formaction'),
    );
    return [form, ...elsewhere.flatMap((action) => (action === undefined ? [] : [{ ...form, action }]))];
  });
}

function fieldsOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name, tag = ''] of html.matchAll(/<(input|textarea)\b([^>]*)>/g)) {
    const type = attribute(tag, 'type') ?? name;
    const field = attribute(tag, 'name');
    const isChosen = !['radio', 'checkbox'].includes(type ?? '') || /\schecked\b/.test(tag);
    if (field !== undefined)
      fields[field] = isChosen ? (attribute(tag, 'value') ?? '') : (fields[field] ?? '');
  }
  for (const [, tag = '', inside = ''] of html.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    const field = attribute(tag, 'name');
    const options = [...inside.matchAll(/<option\b([^>]*)>/g)].map(([, option = '']) => option);
    const chosen = options.find((option) => /\sselected\b/.test(option)) ?? options[0] ?? '';
    if (field !== undefined) fields[field] = attribute(chosen, 'value') ?? '';
  }
  return fields;
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1];
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
