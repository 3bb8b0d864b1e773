/**
 * A store in IndexedDB: a page that is closed, or a browser that crashes, goes on where it was. A save costs as much as its changes.
 *
 * @module
 */

import { readInSlices } from './indexed-db.js';
import { conflictKey } from './store.js';

const VERSION = 1;
const TABLES = ['values', 'known', 'conflicts'];

/** Forms are among the values: a table of their own would be a new version, which the release before cannot open. */
const FORM = 'form:';

/** Known contacts that are read or written in one turn of the page's thread: a few milliseconds. */
const SLICE = 500;

/** Keeps what a client remembers of one account in a database of the page's origin. */
export class IndexedDbStore {
  #database;

  /** Use {@link IndexedDbStore.open}. */
  constructor(database) {
    this.#database = database;
    // Another tab has a newer version of the client, and waits for this connection to close.
    database.onversionchange = () => database.close();
  }

  /**
   * Opens the database of an account, or makes it.
   *
   * @param {string} account name of server and user; the database is `contact-sync:` and this
   * @param {IDBFactory} [factory]
   */
  static async open(account, factory = globalThis.indexedDB) {
    const request = factory.open(`contact-sync:${account}`, VERSION);
    request.onupgradeneeded = () => {
      for (const table of TABLES) {
        if (!request.result.objectStoreNames.contains(table)) {
          request.result.createObjectStore(table);
        }
      }
    };
    return new IndexedDbStore(await done(request));
  }

  /** Removes everything that is remembered of an account, after a person signed out. */
  static async remove(account, factory = globalThis.indexedDB) {
    await done(factory.deleteDatabase(`contact-sync:${account}`));
  }

  async get(name) {
    return done(this.#read('values').get(name));
  }

  async known() {
    return readInSlices(this.#read('known'), SLICE);
  }

  async conflicts() {
    return done(this.#read('conflicts').getAll());
  }

  async forms() {
    const table = this.#read('values');
    const [names, values] = await Promise.all([done(table.getAllKeys()), done(table.getAll())]);
    return new Map(names.map((name, i) => [name.slice(FORM.length), values[i]]).filter((form, i) => names[i].startsWith(FORM)));
  }

  async dropConflict(conflict) {
    await this.#write((tables) => tables.conflicts.delete(conflictKey(conflict)));
  }

  async write({ values = {}, known = [], clearKnown = false, conflicts = [], forms = [] }) {
    await this.#write((tables) => {
      for (const [name, value] of Object.entries(values)) {
        putOrDelete(tables.values, name, value);
      }
      if (clearKnown) {
        tables.known.clear();
      }
      writeInSlices(tables.known, known[Symbol.iterator]());
      conflicts.forEach((conflict) => tables.conflicts.put(conflict, conflictKey(conflict)));
      writeInSlices(tables.values, [...forms].map(([uid, form]) => [FORM + uid, form])[Symbol.iterator]());
    });
  }

  async update(name, change) {
    let changed;
    await this.#write(({ values }, fail) => {
      const request = values.get(name);
      request.onsuccess = () => {
        try {
          changed = change(request.result);
          putOrDelete(values, name, changed);
        } catch (error) {
          fail(error);
        }
      };
    });
    return changed;
  }

  async close() {
    this.#database.close();
  }

  #read(table) {
    return this.#database.transaction(table, 'readonly').objectStore(table);
  }

  /** One transaction; resolves when the browser has it on the disk. */
  #write(work) {
    const transaction = this.#database.transaction(TABLES, 'readwrite', { durability: 'strict' });
    const tables = Object.fromEntries(TABLES.map((table) => [table, transaction.objectStore(table)]));
    return new Promise((resolve, reject) => {
      let failure;
      const fail = (error) => {
        failure = error;
        transaction.abort();
      };
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(failure ?? transaction.error ?? new Error('the browser ended the transaction'));
      try {
        work(tables, fail);
      } catch (error) {
        fail(error);
      }
    });
  }
}

/** All in the same transaction; the page has its turn in between. */
function writeInSlices(table, entries) {
  let request;
  for (let written = 0; written < SLICE; written++) {
    const { done: isEnd, value } = entries.next();
    if (isEnd) {
      return;
    }
    request = putOrDelete(table, ...value);
  }
  request.onsuccess = () => writeInSlices(table, entries);
}

function putOrDelete(table, key, value) {
  return value === undefined ? table.delete(key) : table.put(value, key);
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another page has this database open'));
  });
}
