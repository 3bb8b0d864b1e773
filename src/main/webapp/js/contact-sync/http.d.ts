import type { ServerProblem } from './problem.js';

export interface HttpOptions {
  /** Address of the service, https or on this machine; by default the page's own origin. */
  server?: string | URL | undefined;
  /** Bearer token, or a function that is called for each request; `refused`: the last token was not accepted. */
  token: string | ((why: { refused: boolean }) => string | Promise<string>);
  /** Name of this installation (protocol 3.3). */
  device?: string | undefined;
  fetch?: typeof fetch | undefined;
  sleep?: ((millis: number, signal?: AbortSignal) => Promise<void>) | undefined;
  random?: (() => number) | undefined;
  onRetry?: ((retry: { attempt: number; millis: number; reason: string }) => void) | undefined;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  body?: string | Uint8Array | undefined;
  /** Bytes of the answer that are read at most. */
  size?: number;
  /** Without token and device. */
  anonymous?: boolean;
  signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly isSuccess: boolean;
  readonly retryAfter: number | undefined;
  readonly tag: string | undefined;
  requireSuccess(): void;
  problem(): ServerProblem;
  unreadable(): ServerProblem;
  json(): any;
  bytes(): Uint8Array;
}

/** Requests to one service as one user: token, time limits, repetitions. */
export declare class Http {
  constructor(options: HttpOptions);
  follow(link: string): string;
  send(method: string, path: string, request?: RequestOptions): Promise<Answer>;
  json(method: string, path: string, request?: RequestOptions): Promise<any>;
  open(path: string, request: { headers?: Record<string, string>; signal: AbortSignal }): Promise<Response>;
  pause(millis: number, signal?: AbortSignal): Promise<void>;
  wait(attempt: number, retryAfter: number | undefined, reason: string, signal?: AbortSignal): Promise<void>;
}
