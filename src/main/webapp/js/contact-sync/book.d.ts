import type { Card } from './card.js';
import type { CheckCodes } from './check-code.js';
import type { BookState, EventOptions } from './events.js';
import type { History } from './history.js';
import type { Http, HttpOptions } from './http.js';
import type { ListedChange, Tasks } from './tasks.js';

/** Limits of a service (protocol 4.1 and 6.1). */
export interface Capabilities {
  protocol: string;
  checkCode: string;
  maxChunkContacts: number;
  maxChunkBytes: number;
  oneShotContacts: number;
  oneShotBytes: number;
  maxChunks: number;
  maxBookContacts: number;
  waitSecondsMax: number;
  [limit: string]: unknown;
}

/** State of a book (protocol 4.2). */
export interface Head {
  count: number;
  seq: number;
  checkCode: string;
  /** Base64url, for `CheckCodes.of`. Keep it like contact data. */
  checkKey: string;
  queue: { running: number; waiting: number };
}

export interface ListedContact {
  uid: string;
  card: Card;
  contentHash: string;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
}

/** The book of one user on one service. */
export declare class Book {
  readonly tasks: Tasks;
  readonly history: History;
  constructor(options: (HttpOptions | { http: Http }) & { now?: () => number });
  events(options: EventOptions): AsyncGenerator<BookState>;
  capabilities(signal?: AbortSignal): Promise<Capabilities>;
  head(signal?: AbortSignal): Promise<Head>;
  isAt(checkCode: string, signal?: AbortSignal): Promise<boolean>;
  contact(uid: string, signal?: AbortSignal): Promise<ListedContact | undefined>;
  pages(options?: ReadOptions & { limit?: number }): AsyncGenerator<{ contacts: ListedContact[]; checkCode: string }>;
  contents(codes: CheckCodes, options?: ReadOptions): Promise<{ contacts: ListedContact[]; checkCode: string } | undefined>;
  changes(
    since: number,
    options?: ReadOptions,
  ): Promise<{ changes: ListedChange[]; checkCode: string; seq: number } | undefined>;
  nodes(options?: ReadOptions & { prefix?: string; depth?: number }): Promise<{ checkCode: string; nodes: Map<string, string> }>;
  entries(
    prefixes: string[],
    options?: ReadOptions,
  ): Promise<{ checkCode: string; entries: Map<string, string> } | undefined>;
}
