import { Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';

/** The id in a path: a UUID, whatever row it may or may not name. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (isUuid(id)) return id;
    throw new ValidationFailed([{ field: 'id', code: 'uuid', message: 'a UUID is expected' }]);
  }
}
