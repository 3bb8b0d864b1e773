/** A phone for tests: a synchroniser with its store. */
import { Book } from '../../main/webapp/js/contact-sync/book.js';
import { MemoryStore } from '../../main/webapp/js/contact-sync/store.js';
import { Synchroniser } from '../../main/webapp/js/contact-sync/synchroniser.js';

export function phoneOf(service, { store = new MemoryStore(), account = crypto.randomUUID(), onProgress } = {}) {
  const book = new Book({ server: 'https://contacts.example.com', token: 'good', fetch: service.fetch, sleep: async () => {} });
  const synchroniser = new Synchroniser({ book, store, account, onProgress });
  return { book, store, push: (contacts, options) => synchroniser.push(contacts, options) };
}

export function contactsOf(contacts) {
  return new Map([...contacts].sort((a, b) => (a.uid < b.uid ? -1 : 1)).map(({ uid, card }) => [uid, card]));
}

/** Cards on the service by uid, in the order of the uids. */
export function serverCards(service) {
  return contactsOf([...service.book.contacts].map(([uid, { cardText }]) => ({ uid, card: JSON.parse(cardText) })));
}
