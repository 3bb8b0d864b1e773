import type { Card } from './card.js';

/** A contact of the service as this client knows it: content hashes. */
export interface Known {
  /** Missing: another device has deleted it there. */
  onServer?: string | undefined;
  /** What this client's address book had at the last agreement; missing: it never had this contact. */
  sent?: string | undefined;
}

/** A card that lost: of another device, overwritten by a push, or of this address book, overwritten by a sync. */
export interface KeptCard {
  uid: string;
  contentHash: string;
  card: Card;
}

/** What an address book shows of a card that it does not show as it was given; its members are the client's own. */
export interface Form {
  card: Card;
  shown?: Card | undefined;
  isWritten?: boolean | undefined;
  was?: Card | undefined;
  earlier?: Form | undefined;
}

/** What is written together, completely or not at all. */
export interface Batch {
  /** JSON values by name; `undefined` removes one. */
  values?: Record<string, unknown>;
  /** `undefined` removes one. */
  known?: Iterable<[string, Known | undefined]>;
  /** Remove all known contacts first. */
  clearKnown?: boolean;
  conflicts?: KeptCard[];
  /** By uid; `undefined` removes one. */
  forms?: Iterable<[string, Form | undefined]>;
}

/** Where a client keeps what it remembers of one account. */
export interface Store {
  get(name: string): Promise<any>;
  known(): Promise<Map<string, Known>>;
  conflicts(): Promise<KeptCard[]>;
  /** A store that is only used for pushes, or for address books that keep cards, does without. */
  forms?(): Promise<Map<string, Form>>;
  dropConflict(conflict: { uid: string; contentHash: string }): Promise<void>;
  write(batch: Batch): Promise<void>;
  /** Nothing else writes the value in between; `change` makes no promise. */
  update(name: string, change: (value: any) => any): Promise<any>;
  close(): Promise<void>;
}

export declare class MemoryStore implements Store {
  get(name: string): Promise<any>;
  known(): Promise<Map<string, Known>>;
  conflicts(): Promise<KeptCard[]>;
  forms(): Promise<Map<string, Form>>;
  dropConflict(conflict: { uid: string; contentHash: string }): Promise<void>;
  write(batch: Batch): Promise<void>;
  update(name: string, change: (value: any) => any): Promise<any>;
  close(): Promise<void>;
}

export declare function conflictKey(conflict: { uid: string; contentHash: string }): string;
