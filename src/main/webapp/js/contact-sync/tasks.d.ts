import type { Card } from './card.js';
import type { Http } from './http.js';
import type { Change } from './requests.js';

/** A change as the service lists it (protocol 4.6). */
export type ListedChange =
  | { seq: number; op: 'put'; uid: string; contentHash: string; card: Card; device?: string }
  | { seq: number; op: 'delete'; uid: string; device?: string };

/** What others have changed (protocol 5.4). */
export interface Missed {
  changes?: ListedChange[];
  complete: boolean;
  next?: string;
}

/** Outcome of a task that is done (protocol 4.3.2). */
export interface TaskResult {
  task: string;
  state: 'done';
  /** The second check code. */
  checkCode: string;
  seq: number;
  count: number;
  applied: { put: number; deleted: number };
  rebased: boolean;
  missed?: Missed;
}

/** A task (protocol 4.11). */
export interface Task {
  id: string;
  /** One of protocol 4.11.2; treat an unknown one as unfinished. */
  state: string;
  kind?: string;
  /** How many tasks are ahead. */
  position?: number;
  device?: string;
  createdAt?: string;
  nextChunk?: number;
  chunks?: number;
  contacts?: number;
  received?: number;
  checkCode?: string;
  expiresAt?: string;
  result?: TaskResult;
  problem?: Record<string, unknown>;
}

export interface Acknowledgement {
  chunk: number;
  nextChunk: number;
  received: number;
  /** The running check code. */
  checkCode: string;
}

export interface WaitOptions {
  signal?: AbortSignal | undefined;
  /** Told how many tasks are ahead. */
  onWaiting?: ((position: number) => void) | undefined;
}

/** The sync tasks of one user. */
export declare class Tasks {
  constructor(http: Http, capabilities: () => Promise<{ waitSecondsMax: number }>);
  patch(request: {
    changes: Change[];
    checkBefore: string;
    checkAfter?: string | undefined;
    onMismatch?: 'refuse' | 'rebase' | undefined;
    confirmDeletes?: boolean | undefined;
    /** Idempotency key, a UUID. */
    key: string;
    priority?: 'user' | 'background' | undefined;
    signal?: AbortSignal | undefined;
  }): Promise<Task>;
  start(
    path: string,
    request: { key: string; body?: string | Uint8Array; headers?: Record<string, string>; signal?: AbortSignal | undefined },
  ): Promise<Task>;
  open(plan: object, key: string, signal?: AbortSignal): Promise<Task>;
  chunk(id: string, number: number, text: string, options?: WaitOptions): Promise<Acknowledgement>;
  commit(
    id: string,
    options?: WaitOptions & { checkAfter?: string | undefined; confirmDeletes?: boolean | undefined },
  ): Promise<Task>;
  task(id: string, options?: { wait?: number; signal?: AbortSignal | undefined }): Promise<Task | undefined>;
  unfinished(signal?: AbortSignal): Promise<Task[]>;
  cancel(id: string, signal?: AbortSignal): Promise<void>;
  finished(task: Task, options?: WaitOptions): Promise<TaskResult>;
}

export declare function isFinished(task: { state: string }): boolean;
