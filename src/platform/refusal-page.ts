/** What a page says when it cannot be shown. */
export interface Refusal {
  /** Of the request: a page that a stranger may open says nothing of where it comes from. */
  readonly path: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Code of the contract, or `internal` for a fault of ours. */
  readonly code: string;
  /** Shown so that a person can quote it to the support. */
  readonly requestId: string;
  readonly retryAfterSeconds?: number;
}

/** Port: the whole HTML document of a refusal, in French. Implemented by the back office, bound in `app.module.ts`. */
export abstract class RefusalPage {
  abstract render(refusal: Refusal): string;
}
