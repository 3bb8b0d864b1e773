/**
 * The client is stopped at every step of a push: before and after each write to its store, and before and after each request is carried
 * out. The next run always ends with whole books and an empty queue, and nothing is applied twice.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Book } from '../../main/webapp/js/contact-sync/book.js';
import { IndexedDbStore } from '../../main/webapp/js/contact-sync/indexed-db-store.js';
import { MemoryStore } from '../../main/webapp/js/contact-sync/store.js';
import { Synchroniser } from '../../main/webapp/js/contact-sync/synchroniser.js';
import { TaskQueue } from '../../main/webapp/js/contact-sync/task-queue.js';
import { FakeService } from './fake-service.js';
import { contactsOf, serverCards } from './phone.js';
import { treeContact } from './vectors.js';

const SERVER = 'https://contacts.example.com';
const MOST_STEPS = 400;

/** Ends the program at one step: nothing that it does afterwards has an effect. */
class Life {
  steps = 0;
  isOver = false;

  constructor(last) {
    this.last = last;
  }

  async step(work) {
    this.#end();
    const result = await work();
    this.#end();
    return result;
  }

  #end() {
    this.isOver ||= ++this.steps > this.last;
    if (this.isOver) {
      throw new Error('the program has ended');
    }
  }
}

function programOf(service, store, account, contacts, life) {
  const mortal = {};
  for (const name of ['get', 'known', 'conflicts', 'write', 'update']) {
    mortal[name] = (...given) => life.step(() => store[name](...given));
  }
  const fetch = (address, init) => life.step(() => service.fetch(address, init));
  const book = new Book({ server: SERVER, token: 'good', fetch, sleep: () => life.step(async () => {}) });
  const synchroniser = new Synchroniser({ book, store: mortal, account });
  const run = ({ options, priority }) => synchroniser.push(contacts, { ...options, priority });
  return new TaskQueue({ store: mortal, account, run });
}

async function prepared(prepare, newStore) {
  const service = await FakeService.create();
  service.limits = { ...service.limits, oneShotContacts: 5, maxChunkContacts: 4 };
  const store = await newStore();
  const account = crypto.randomUUID();
  const push = async (contacts, someStore) => {
    const queue = programOf(service, someStore, crypto.randomUUID(), contacts, new Life(Infinity));
    await queue.add({ kind: 'push' });
    await queue.drain();
  };
  await prepare((contacts) => push(contacts, store), (contacts) => push(contacts, new MemoryStore()));
  return { service, store, account };
}

const BASE = Array.from({ length: 6 }, (_, n) => treeContact(n));
const MANY = Array.from({ length: 18 }, (_, n) => treeContact(n));
const CHANGED = [{ uid: BASE[0].uid, card: { name: { full: 'changed' } } }, ...BASE.slice(2), treeContact(30)];

const SCENARIOS = [
  { name: 'a first upload in chunks', prepare: async () => {}, contacts: MANY, applied: 1 },
  { name: 'a change in one request', prepare: (own) => own(BASE), contacts: CHANGED, applied: 1 },
  { name: 'many changes in chunks', prepare: (own) => own(BASE), contacts: MANY, applied: 1 },
  {
    name: 'a change after another device',
    prepare: async (own, other) => {
      await own(BASE);
      await other([...BASE, treeContact(40)]);
    },
    contacts: CHANGED,
    expected: [...CHANGED, treeContact(40)],
    applied: 1,
  },
];

const STORES = [{ kind: 'memory', newStore: async () => new MemoryStore() }];
if (process.env.NODE_MODULES !== undefined) {
  const { IDBFactory } = createRequire(`${process.env.NODE_MODULES}/`)('fake-indexeddb');
  STORES.push({ kind: 'IndexedDB', newStore: () => IndexedDbStore.open('account', new IDBFactory()) });
}

const RUNS = STORES.flatMap((store) => SCENARIOS.map((scenario) => ({ ...store, ...scenario })));

for (const { kind, newStore, name, prepare, contacts, expected = contacts, applied } of RUNS) {
  test(`stopped at every step: ${name}, ${kind}`, async (t) => {
    let last = 0;
    for (let isOver = true; isOver; last++) {
      assert.ok(last < MOST_STEPS, 'the push ends');
      const { service, store, account } = await prepared(prepare, newStore);
      const seq = service.book.seq;
      const life = new Life(last);
      const queue = programOf(service, store, account, contacts, life);
      await queue.add({ kind: 'push' }).then(() => queue.drain()).catch((error) => life.isOver || Promise.reject(error));

      const next = programOf(service, store, account, contacts, new Life(Infinity));
      await next.add({ kind: 'push' });
      await next.drain();

      assert.deepEqual(serverCards(service), contactsOf(expected), `stopped after ${last} steps`);
      assert.equal(service.book.seq, seq + applied, `stopped after ${last} steps`);
      assert.deepEqual(await next.list(), []);
      assert.ok(![...service.tasks.values()].some(({ state }) => state === 'receiving'), 'no upload is left open');
      assert.equal(await store.get('pending'), undefined);
      isOver = life.isOver;
    }
    t.diagnostic(`${last} steps`);
  });
}
