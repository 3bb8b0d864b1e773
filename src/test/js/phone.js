/** A phone for tests: a synchroniser with its store; and two of them with one service. */
import assert from 'node:assert/strict';
import { Book } from '../../main/webapp/js/contact-sync/book.js';
import { MemoryStore } from '../../main/webapp/js/contact-sync/store.js';
import { Synchroniser } from '../../main/webapp/js/contact-sync/synchroniser.js';
import { FakeService } from './fake-service.js';
import { treeContact } from './vectors.js';

/** The contacts that two devices begin with. */
export const BASE = [0, 1, 2, 3].map(treeContact);

export function phoneOf(service, { store = new MemoryStore(), account = crypto.randomUUID(), onProgress } = {}) {
  const book = new Book({ server: 'https://contacts.example.com', token: 'good', fetch: service.fetch, sleep: async () => {} });
  const synchroniser = new Synchroniser({ book, store, account, onProgress });
  const push = (contacts, options) => synchroniser.push(contacts, options);
  return { book, store, push, synchroniser, sync: (addressBook, options) => synchroniser.sync(addressBook, options) };
}

export function contactsOf(contacts) {
  return new Map([...contacts].sort((a, b) => (a.uid < b.uid ? -1 : 1)).map(({ uid, card }) => [uid, card]));
}

/** Cards on the service by uid, in the order of the uids. */
export function serverCards(service) {
  return contactsOf([...service.book.contacts].map(([uid, { cardText }]) => ({ uid, card: JSON.parse(cardText) })));
}

/** An address book in memory that takes changes; a change of a person that comes in between wins. */
export class MemoryAddressBook {
  contacts = new Map();
  #read = new Map();
  onApply = () => {};

  constructor(contacts = []) {
    contacts.forEach(({ uid, card }) => this.contacts.set(uid, card));
  }

  read() {
    this.#read = new Map(this.contacts);
    return [...this.contacts].map(([uid, card]) => ({ uid, card }));
  }

  apply(changes) {
    this.onApply(changes);
    const left = changes.filter(({ uid }) => this.contacts.get(uid) !== this.#read.get(uid)).map(({ uid }) => uid);
    for (const { op, uid, card } of changes) {
      if (left.includes(uid)) {
        continue;
      }
      if (op === 'put') {
        this.contacts.set(uid, card);
      } else {
        this.contacts.delete(uid);
      }
    }
    return left;
  }

  get cards() {
    return contactsOf([...this.contacts].map(([uid, card]) => ({ uid, card })));
  }
}

/** Two devices and a service that have the same contacts. */
export async function twoDevices(contacts = BASE) {
  const service = await FakeService.create();
  const [phone, tablet] = [phoneOf(service), phoneOf(service)];
  const [here, there] = [new MemoryAddressBook(contacts), new MemoryAddressBook()];
  assert.equal((await phone.sync(here)).added, contacts.length);
  assert.equal((await tablet.sync(there)).received.put, contacts.length);
  return { service, phone, tablet, here, there };
}

export function assertEqualEverywhere({ service, here, there }) {
  assert.deepEqual(here.cards, serverCards(service));
  assert.deepEqual(there.cards, serverCards(service));
}
