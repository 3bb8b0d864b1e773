import type { Batch, Form, KeptCard, Known, Store } from './store.js';

/** A store in IndexedDB, one database for each account. */
export declare class IndexedDbStore implements Store {
  private constructor(database: IDBDatabase);
  static open(account: string, factory?: IDBFactory): Promise<IndexedDbStore>;
  static remove(account: string, factory?: IDBFactory): Promise<void>;
  get(name: string): Promise<any>;
  known(): Promise<Map<string, Known>>;
  conflicts(): Promise<KeptCard[]>;
  forms(): Promise<Map<string, Form>>;
  dropConflict(conflict: { uid: string; contentHash: string }): Promise<void>;
  write(batch: Batch): Promise<void>;
  update(name: string, change: (value: any) => any): Promise<any>;
  close(): Promise<void>;
}
