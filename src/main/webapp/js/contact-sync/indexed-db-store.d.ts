import type { Store } from './store.js';

// The members of `Store`.
export interface IndexedDbStore extends Store {}

/** A store in IndexedDB, one database for each account. */
export declare class IndexedDbStore {
  private constructor(database: IDBDatabase);
  static open(account: string, factory?: IDBFactory): Promise<IndexedDbStore>;
  static remove(account: string, factory?: IDBFactory): Promise<void>;
}
