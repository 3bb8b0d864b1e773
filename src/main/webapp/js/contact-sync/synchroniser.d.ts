import type { Book } from './book.js';
import type { Card, Contact, Flaw } from './card.js';
import type { ServerProblem } from './problem.js';
import type { Store } from './store.js';

export type PushEvent =
  | { kind: 'comparing' }
  /** The first check code, and the second one that this client predicts. */
  | { kind: 'sending'; changes: number; way: Way; checkBefore?: string; checkAfter?: string }
  /** An upload in chunks, before it is opened or continued. */
  | { kind: 'planned'; chunks: number; contacts: number; checkBefore: string; checkAfter: string }
  | { kind: 'acknowledged'; acknowledged: number; total: number; chunk: number; checkCode: string }
  | { kind: 'waiting'; position: number }
  | { kind: 'received'; put: number; deleted: number };

export type Way = 'nothing' | 'one-request' | 'chunks' | 'replace';

export interface PushOptions {
  /** Make the book exactly this one, whatever other devices added. */
  replace?: boolean;
  /** A person has agreed that most of the book is deleted. */
  confirmDeletes?: boolean;
  /** A person has agreed that a book that was erased, or that the service has lost, is filled again. Otherwise: `account-began-anew`. */
  beginAnew?: boolean;
  /** Find out what would be done, and change nothing. */
  dryRun?: boolean;
  /** Of a contact that was changed here and elsewhere: send this one and keep the other card, leave the service's, or send nothing. */
  onConflict?: 'keep' | 'server' | 'stop';
  priority?: 'user' | 'background';
  /** Uids that exist and could not be read: they are not deleted. */
  notVisible?: Iterable<string>;
  signal?: AbortSignal | undefined;
}

export interface PushSummary {
  /** `planned`: a dry run. */
  kind: 'agreed' | 'planned';
  added: number;
  changed: number;
  deleted: number;
  unchanged: number;
  /** On the service, and never in this address book; they are kept. */
  unknown: number;
  /** Contacts that another device changed and that stay as it made them. */
  theirs: string[];
  /** Contacts that were changed here and elsewhere. */
  conflicts: string[];
  /** Contacts that could not be sent. */
  invalid: Array<{ uid: string; flaws: Flaw[] }>;
  checkCode: string;
  way: Way;
  /** How often the books were compared. */
  repairs: number;
}

export type PushResult =
  | PushSummary
  | { kind: 'needs-confirmation'; side?: 'address-book'; deletes: number; count: number }
  | { kind: 'conflicting'; conflicts: string[] }
  | { kind: 'refused'; problem: ServerProblem }
  | { kind: 'disagreed'; server: string; own: string };

/** A change of another device, for the address book. */
export type Arrival = { op: 'put'; uid: string; card: Card; contentHash: string } | { op: 'delete'; uid: string };

/** An address book that can be read and written. */
export interface AddressBook {
  read(): Iterable<Contact> | Promise<Iterable<Contact>>;
  /**
   * All or none; returns the uids of those that have changed since they were read, which it does not touch, and each contact that it does not
   * show as it was given, as it shows it.
   */
  apply(changes: Arrival[]): void | Iterable<string | Contact> | Promise<void | Iterable<string | Contact>>;
  /** It keeps each card exactly as it was given. */
  keepsCards?: boolean;
}

export interface SyncOptions {
  onConflict?: 'ask' | 'keep' | 'server';
  confirmDeletes?: boolean;
  beginAnew?: boolean;
  priority?: 'user' | 'background';
  notVisible?: Iterable<string>;
  signal?: AbortSignal | undefined;
}

export type SyncResult = PushResult & { received: { put: number; deleted: number } };

/** Keeps an address book and the service's book the same. */
export declare class Synchroniser {
  constructor(options: {
    book: Book;
    store: Store;
    /** Name of server and user; pushes of one account run one after the other. */
    account: string;
    newKey?: (() => string) | undefined;
    onProgress?: ((event: PushEvent) => void) | undefined;
  });
  push(contacts: Iterable<Contact>, options?: PushOptions): Promise<PushResult>;
  sync(addressBook: AddressBook, options?: SyncOptions): Promise<SyncResult>;
  resolve(uid: string, contentHash: string): Promise<boolean>;
}
