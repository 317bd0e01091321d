import type { CallerRequest } from '../access/caller.decorators.js';
import { uploadedFiles } from '../platform/multipart.js';
import { decodeText } from '../platform/read-table.js';
import { ValidationFailed } from '../shared/domain-error.js';

const UNUSABLE = /\0|\p{Surrogate}/u;

/**
 * The text of a form that takes one file or the same table pasted.
 * @param largest of a file in bytes, of a pasted table in characters
 * @throws ValidationFailed on `file`: `none`, `both`, `too-large`, and `not-text` for what PostgreSQL cannot store
 */
export function uploadedText(request: CallerRequest, pasted: string, largest: number): string {
  const [file, ...more] = uploadedFiles(request);
  const hasPasted = pasted.trim() !== '';
  if (more.length > 0 || (file !== undefined && hasPasted)) throw refused('both');
  if (file === undefined && !hasPasted) throw refused('none');
  if ((file?.bytes.byteLength ?? pasted.length) > largest) throw refused('too-large');
  const text = file === undefined ? pasted : decodeText(file.bytes);
  if (text === undefined || UNUSABLE.test(text)) throw refused('not-text');
  return text;
}

function refused(code: string): ValidationFailed {
  return new ValidationFailed([{ field: 'file', code, message: code }]);
}
