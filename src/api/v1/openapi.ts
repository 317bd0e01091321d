import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiProperty, ApiResponse } from '@nestjs/swagger';

class Fault {
  @ApiProperty() readonly field!: string;
  @ApiProperty() readonly code!: string;
  @ApiProperty() readonly message!: string;
}

/** RFC 9457, with the code of the refusal. */
class Problem {
  @ApiProperty() readonly type!: string;
  @ApiProperty() readonly title!: string;
  @ApiProperty() readonly status!: number;
  @ApiProperty({ example: 'slot-full' }) readonly code!: string;
  @ApiProperty({ required: false }) readonly detail?: string;
  @ApiProperty({ required: false, description: 'the input the refusal is about' }) readonly field?: string;
  @ApiProperty({ type: [Fault], required: false }) readonly errors?: readonly Fault[];
  @ApiProperty({ description: 'urn:uuid of the request' }) readonly instance!: string;
}

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'validation',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'slot-full, slot-closed, illegal-transition, too-early, too-late, duplicate-person, conflict, idempotency-conflict, person-archived',
  422: 'in-the-past, too-far-ahead, closed-day, nonexistent-local-time, phone-invalid, type-not-allowed',
};

/** For the document: a bearer key, and refusals as problems. */
export function Documented(): ClassDecorator & MethodDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ...Object.entries(REFUSALS).map(([status, description]) =>
      ApiResponse({ status: Number(status), description, content: PROBLEM }),
    ),
  );
}

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** For the document: this write may carry an idempotency key. */
export function Idempotent(): MethodDecorator {
  return ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'the same key with the same body acts once and answers the same',
    schema: { type: 'string', maxLength: 255 },
  });
}

export const EXTRA_MODELS = [Problem, Fault];
