import type { Store } from './store.js';

export interface QueuedTask {
  id: string;
  kind: string;
  options: any;
  priority: 'user' | 'background';
  state: 'waiting' | 'running';
  /** Attempts that failed. */
  attempts: number;
  /** Milliseconds since 1970; 0: now. */
  notBefore: number;
  /** Code of the last failure. */
  reason?: string;
}

export interface QueueEvent {
  /** `later`: it failed and will be tried again. */
  kind: 'added' | 'started' | 'done' | 'later' | 'failed';
  task: QueuedTask;
  result?: any;
  error?: Error;
}

/** The client's own tasks: one runs, equal waiting ones merge, a person's goes first. */
export declare class TaskQueue {
  constructor(options: {
    store: Store;
    account: string;
    run: (task: QueuedTask, context: { signal?: AbortSignal | undefined }) => Promise<any>;
    newId?: () => string;
    now?: () => number;
    random?: () => number;
    onChange?: (event: QueueEvent) => void;
  });
  add(task: { kind: string; options?: any; priority?: 'user' | 'background' }): Promise<QueuedTask>;
  list(): Promise<QueuedTask[]>;
  cancel(id: string): Promise<boolean>;
  /** Runs what is due; milliseconds until another task is due, `undefined` if none waits. */
  drain(options?: { signal?: AbortSignal }): Promise<number | undefined>;
  work(options: { signal: AbortSignal }): Promise<void>;
}
