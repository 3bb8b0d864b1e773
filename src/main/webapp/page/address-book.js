/**
 * The page's own address book: cards in IndexedDB, and in memory while the page is open. Each tab has its own, as each phone has.
 *
 * @module
 */

import { readInSlices } from '../js/contact-sync/indexed-db.js';

const VERSION = 1;
const TABLES = ['cards', 'files'];

/** Cards that are read or written in one turn: a few milliseconds. */
const SLICE = 100;

/** Cards of one device, by uid. Tells listeners of `change` what has changed. */
export class AddressBook extends EventTarget {
  /** For the synchroniser: what is read is exactly what was written. */
  keepsCards = true;
  #database;
  #cards;
  #read = new Map();

  constructor(database, cards) {
    super();
    this.#database = database;
    this.#cards = cards;
  }

  static async open(account) {
    const request = indexedDB.open(nameOf(account), VERSION);
    request.onupgradeneeded = () => TABLES.forEach((table) => request.result.createObjectStore(table));
    const database = await done(request);
    const table = database.transaction('cards', 'readonly').objectStore('cards');
    return new AddressBook(database, await readInSlices(table, SLICE));
  }

  static async remove(account) {
    await AddressBook.removeDatabase(nameOf(account));
  }

  /** Resolves when the database is gone, after its last connection was closed. */
  static async removeDatabase(name) {
    await done(indexedDB.deleteDatabase(name));
  }

  close() {
    this.#database.close();
  }

  get cards() {
    return this.#cards;
  }

  /** All contacts, for the synchroniser; what changes from now on is not overwritten by {@link AddressBook.apply}. */
  read() {
    this.#read = new Map(this.#cards);
    return [...this.#cards].map(([uid, card]) => ({ uid, card }));
  }

  /** Changes of other devices. @returns {Promise<string[]>} uids that a person has changed meanwhile */
  async apply(changes) {
    const left = new Set(changes.map(({ uid }) => uid).filter((uid) => this.#cards.get(uid) !== this.#read.get(uid)));
    const taken = changes.filter(({ uid }) => !left.has(uid));
    await this.#write(taken.map(({ op, uid, card }) => [uid, op === 'put' ? card : undefined]), 'others');
    return [...left];
  }

  /** A change of the person: a card, or `undefined` to delete it. */
  async set(uid, card) {
    await this.#write([[uid, card]], 'person');
  }

  /** Many cards at once, of the person. */
  async addAll(contacts) {
    await this.#write(contacts.map(({ uid, card }) => [uid, card]), 'person');
  }

  /**
   * Keeps a file until it is imported: all its parts or none, in case the tab is closed meanwhile.
   *
   * @param {string} file its id
   * @param {Array<object>} parts
   */
  async keepFile(file, parts) {
    const entries = parts.map((part, i) => [[file, i], part]);
    await this.#change('files', (table) => writeInSlices(table, entries, 1));
  }

  /** Ids of the files of which there are parts. */
  async files() {
    const keys = await done(this.#database.transaction('files', 'readonly').objectStore('files').getAllKeys());
    return [...new Set(keys.map(([file]) => file))];
  }

  async parts(file) {
    const range = IDBKeyRange.bound([file, 0], [file, Infinity]);
    const table = this.#database.transaction('files', 'readonly').objectStore('files');
    const [keys, parts] = await Promise.all([done(table.getAllKeys(range)), done(table.getAll(range))]);
    return keys.map((key, i) => ({ key, ...parts[i] }));
  }

  /** Contacts of all files that are still to be imported. */
  async contactsToImport() {
    const parts = await done(this.#database.transaction('files', 'readonly').objectStore('files').getAll());
    return parts.reduce((sum, { contacts }) => sum + contacts, 0);
  }

  async dropPart(key) {
    await this.#change('files', (table) => table.delete(key));
  }

  /** In memory at once, so that nothing that is shown is older than what a person typed; resolves when it is on the disk. */
  async #write(entries, by) {
    for (const [uid, card] of entries) {
      if (card === undefined) {
        this.#cards.delete(uid);
      } else {
        this.#cards.set(uid, card);
      }
    }
    this.dispatchEvent(new CustomEvent('change', { detail: { entries, by } }));
    await this.#change('cards', (table) => writeInSlices(table, entries, SLICE));
  }

  #change(name, work) {
    const transaction = this.#database.transaction(name, 'readwrite', { durability: 'strict' });
    work(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser ended the transaction'));
    });
  }
}

/** The next slice is written when the one before it is: the page has its turn in between. */
function writeInSlices(table, entries, slice, from = 0) {
  let request;
  for (const [key, value] of entries.slice(from, from + slice)) {
    request = value === undefined ? table.delete(key) : table.put(value, key);
  }
  if (request !== undefined && from + slice < entries.length) {
    request.onsuccess = () => writeInSlices(table, entries, slice, from + slice);
  }
}

function nameOf(account) {
  return `contact-sync-page:${account}`;
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
