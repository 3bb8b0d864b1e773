export interface SaidProblem {
  status: number;
  code: string;
  detail?: string | undefined;
  next?: string | undefined;
  members?: Record<string, unknown> | undefined;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
  isOfTask?: boolean | undefined;
}

/** A refusal of the service (protocol §5), or an answer that is none of the service. */
export declare class ServerProblem extends Error {
  /** HTTP status; 0 if the client found the fault itself. */
  readonly status: number;
  /** Branch on this, never on a text. */
  readonly code: string;
  readonly detail: string;
  readonly next: string;
  /** The whole problem as it was received. */
  readonly members: Record<string, any>;
  /** Whether the service itself said so. */
  readonly isOfService: boolean;
  /** `X-Request-Id`, to quote to support. */
  readonly requestId: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  /** Whether it is how a task ended, not how a request was answered. */
  readonly isOfTask: boolean;
  constructor(said: SaidProblem);
  static ofAnswer(status: number, headers: Headers, body: unknown): ServerProblem;
  static ofTask(problem: unknown): ServerProblem | undefined;
}

/** There was no answer; whether the request was carried out is not known. */
export declare class ServerUnreachable extends Error {
  constructor(message: string, cause: unknown);
}

/** Client and service computed different check codes. */
export declare class CodesDiffer extends Error {
  readonly own: string;
  readonly theirs: string;
  constructor(what: string, own: string, theirs: string);
}

export declare function retryAfterOf(headers: Headers): number | undefined;
