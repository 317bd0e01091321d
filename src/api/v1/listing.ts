import { ApiProperty } from '@nestjs/swagger';
import { ValidationFailed } from '../../shared/domain-error.js';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../../shared/page.js';
import { Optional, RawText, Whole, WholeInQuery } from './fields.js';

const LIMIT = { min: 1, max: 100, usual: 50 } as const;
const LONGEST_CURSOR = 500;

/** `limit` and `cursor` in a query string. */
export class ListQuery {
  @Optional() @WholeInQuery(LIMIT.min, LIMIT.max) readonly limit?: number | null;
  @Optional() @RawText(LONGEST_CURSOR) readonly cursor?: string | null;
}

/** The same in a body. */
export class ListBody {
  @Optional() @Whole(LIMIT.min, LIMIT.max) readonly limit?: number | null;
  @Optional() @RawText(LONGEST_CURSOR) readonly cursor?: string | null;
}

/** A page as asked, the usual length by default. */
export function pageRequest(query: ListQuery | ListBody): { limit: number; cursor?: string } {
  const limit = query.limit ?? LIMIT.usual;
  return query.cursor == null ? { limit } : { limit, cursor: query.cursor };
}

/** Pages through a short list that is read whole anyway. */
export function pageThrough<T extends { readonly id: string }>(all: readonly T[], query: ListQuery): Page<T> {
  const { limit, cursor } = pageRequest(query);
  const after =
    cursor === undefined ? -1 : all.findIndex(({ id }) => id === decodeCursor(cursor, [/^[\w-]+$/])[0]);
  if (cursor !== undefined && after === -1)
    throw new ValidationFailed([{ field: 'cursor', code: 'cursor', message: 'unknown cursor' }]);
  return pageOf(all.slice(after + 1, after + 2 + limit), limit, ({ id }) => encodeCursor([id]));
}

/** Class of a page of `Item`, for the OpenAPI document. */
export function pageClass<T>(Item: abstract new () => T): abstract new () => Page<T> {
  abstract class PageOfItems {
    @ApiProperty({ type: [Item] }) readonly items!: readonly T[];
    @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
  }
  Object.defineProperty(PageOfItems, 'name', { value: `${Item.name}Page` });
  return PageOfItems;
}
