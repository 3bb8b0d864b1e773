import type { Card } from './card.js';
import type { Http } from './http.js';
import type { TaskResult, Tasks } from './tasks.js';

/** A task that changed the book (protocol 4.16). */
export interface BookChange {
  seq: number;
  at: string;
  kind: string;
  task?: string;
  device?: string;
  checkCodeBefore: string;
  checkCode: string;
  count: number;
  applied: { put: number; deleted: number };
}

/** What a contact was (protocol 4.17). */
export interface Version {
  uid: string;
  card: Card;
  contentHash: string;
  from: number;
  until: number;
  endedAt: string;
  device?: string;
  endedBy?: string;
  /** `conflict`: it was never in the book. */
  origin?: string;
}

export type PastState = { seq: number } | { checkCode: string } | { time: string };

/** The history of one book. */
export declare class History {
  constructor(http: Http, tasks: Tasks);
  changes(options?: { limit?: number; before?: number; signal?: AbortSignal }): Promise<{ changes: BookChange[]; hasMore: boolean }>;
  versions(uid: string, options?: { limit?: number; signal?: AbortSignal }): Promise<Version[]>;
  trash(options?: { most?: number; signal?: AbortSignal }): Promise<Version[]>;
  undelete(uid: string, options?: { key?: string; signal?: AbortSignal }): Promise<TaskResult>;
  plan(
    state: PastState,
    options?: { signal?: AbortSignal },
  ): Promise<{ seq: number; checkCode: string; count: number; applied: { put: number; deleted: number } }>;
  restore(
    state: PastState,
    options?: { key?: string; signal?: AbortSignal; onWaiting?: (position: number) => void },
  ): Promise<TaskResult>;
}
