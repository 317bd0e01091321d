import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { ValidationFailed } from '../shared/domain-error.js';

/** A file that came with a form. */
export interface UploadedFile {
  readonly field: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

const uploads = new WeakMap<Request, readonly UploadedFile[]>();

/**
 * Reads forms that carry a file, before the guard asks for their tokens: texts become the body as for any form,
 * files wait in `uploadedFiles`. Everything is held in memory, hence the bound.
 * @param limit bytes of the whole request
 */
export function multipartForms(limit: number): RequestHandler[] {
  return [express.raw({ type: 'multipart/form-data', limit }), readParts];
}

/** Files of the form, without the empty one that a browser sends when none was chosen. */
export function uploadedFiles(request: Request): readonly UploadedFile[] {
  return uploads.get(request) ?? [];
}

async function readParts(request: Request, _response: Response, next: NextFunction): Promise<void> {
  const raw: unknown = request.body;
  if (!Buffer.isBuffer(raw)) {
    next();
    return;
  }
  try {
    await takeParts(request, raw);
    next();
  } catch {
    const message = 'the form cannot be read';
    next(new ValidationFailed([{ field: 'body', code: 'malformed', message }]));
  }
}

async function takeParts(request: Request, raw: Buffer): Promise<void> {
  const headers = { 'content-type': request.get('content-type') ?? '' };
  const form = await new globalThis.Response(new Uint8Array(raw), { headers }).formData();
  const texts = new Map<string, string | string[]>();
  const files: UploadedFile[] = [];
  const parts: (readonly [field: string, value: string | File])[] = [];
  form.forEach((value, field) => parts.push([field, value]));
  for (const [field, value] of parts) {
    if (typeof value === 'string') {
      const before = texts.get(field);
      texts.set(field, before === undefined ? value : [before, value].flat());
    } else if (value.size > 0 || value.name !== '')
      files.push({ field, name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  request.body = Object.fromEntries(texts);
  uploads.set(request, files);
}
