/** Events, history and the way back, against the real service at `CONTACT_SYNC_SERVER`; `JavaScriptIT` runs this. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Book } from '../../../main/webapp/js/contact-sync/book.js';
import { MemoryStore } from '../../../main/webapp/js/contact-sync/store.js';
import { Synchroniser } from '../../../main/webapp/js/contact-sync/synchroniser.js';
import { developmentToken } from '../../../main/webapp/js/contact-sync/tokens.js';
import { MemoryAddressBook } from '../phone.js';
import { treeContact } from '../vectors.js';

const server = process.env.CONTACT_SYNC_SERVER;

async function twoDevices() {
  const token = await developmentToken(server, `javascript-${crypto.randomUUID()}`);
  return ['phone', 'tablet'].map((device) => {
    const book = new Book({ server, token, device });
    const addressBook = new MemoryAddressBook();
    const synchroniser = new Synchroniser({ book, store: new MemoryStore(), account: crypto.randomUUID() });
    return { book, addressBook, sync: () => synchroniser.sync(addressBook) };
  });
}

test('a change of one device arrives at another one that listens', { timeout: 60_000 }, async () => {
  const [phone, tablet] = await twoDevices();
  const controller = new AbortController();
  const seen = [];
  for await (const state of tablet.book.events({ signal: controller.signal })) {
    seen.push(state);
    if (seen.length === 1) {
      phone.addressBook.contacts.set('contact-1', treeContact(1).card);
      await phone.sync();
    } else {
      await tablet.sync();
      controller.abort();
    }
  }

  assert.deepEqual(seen.map(({ seq, device }) => [seq, device]), [[0, undefined], [1, 'phone']]);
  assert.equal(seen[1].checkCode, (await tablet.book.head()).checkCode);
  assert.deepEqual(tablet.addressBook.cards, phone.addressBook.cards);
});

test('the history leads back: a deleted contact, its versions, the whole book', async () => {
  const [phone] = await twoDevices();
  const { book, addressBook, sync } = phone;
  addressBook.contacts.set('contact-1', treeContact(1).card);
  await sync();
  addressBook.contacts.set('contact-1', { name: { full: 'Ada King' } });
  addressBook.contacts.set('contact-2', treeContact(2).card);
  await sync();
  addressBook.contacts.delete('contact-1');
  await sync();

  const { changes, hasMore } = await book.history.changes({ limit: 10 });
  assert.deepEqual([changes.map(({ seq }) => seq), hasMore], [[3, 2, 1], false]);
  assert.deepEqual((await book.history.versions('contact-1')).map(({ until }) => until), [3, 2]);
  assert.deepEqual((await book.history.trash()).map(({ uid, card }) => [uid, card]), [['contact-1', { name: { full: 'Ada King' } }]]);
  assert.equal((await book.history.undelete('contact-1')).seq, 4);
  assert.deepEqual((await book.history.plan({ seq: 1 })).applied, { put: 1, deleted: 1 });
  assert.equal((await book.history.restore({ seq: 1 })).checkCode, changes[2].checkCode);

  assert.deepEqual((await sync()).received, { put: 1, deleted: 1 });
  assert.deepEqual([...addressBook.cards], [['contact-1', treeContact(1).card]]);
});
