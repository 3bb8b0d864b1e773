/** Whole pushes of several devices; against the service in memory (`sync.test.js`) and the real one (`service/`). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCodeOf, CheckCodes } from '../../main/webapp/js/contact-sync/check-code.js';
import { MemoryStore } from '../../main/webapp/js/contact-sync/store.js';
import { Synchroniser } from '../../main/webapp/js/contact-sync/synchroniser.js';
import { MemoryAddressBook, contactsOf } from './phone.js';
import { bigContact, treeContact } from './vectors.js';

const BASE = [0, 1, 2].map(treeContact);

function phoneOf(book, store = new MemoryStore(), onProgress = undefined) {
  const synchroniser = new Synchroniser({ book, store, account: crypto.randomUUID(), onProgress });
  const sync = (addressBook, options) => synchroniser.sync(addressBook, options);
  return { store, sync, push: (contacts, options) => synchroniser.push(contacts, options) };
}

async function cardsOf(book) {
  const { checkKey, checkCode } = await book.head();
  const { contacts } = await book.contents(await CheckCodes.of(checkKey));
  assert.equal(await checkCodeOf(checkKey, contacts), checkCode);
  return contactsOf(contacts);
}

/** @param {() => Promise<(device: string) => Book>} newUser */
export function contract(newUser) {
  test('two devices: each adds its own, and both are kept', async () => {
    const device = await newUser();
    const [phone, tablet] = [phoneOf(device('phone')), phoneOf(device('tablet'))];
    await phone.push(BASE);

    const added = await tablet.push([...BASE, treeContact(10)]);
    const changed = await phone.push([{ uid: BASE[0].uid, card: { name: { full: 'new' } } }, ...BASE.slice(1), treeContact(11)]);

    assert.deepEqual([added.unchanged, added.added, added.way], [3, 1, 'one-request']);
    assert.deepEqual([changed.changed, changed.added, changed.unknown], [1, 1, 1]);
    const cards = await cardsOf(device('phone'));
    assert.equal(cards.size, 5);
    assert.deepEqual(cards.get(BASE[0].uid), { name: { full: 'new' } });
  });

  test('two devices change one contact: the second one wins, the first one is kept', async () => {
    const device = await newUser();
    const [phone, tablet] = [phoneOf(device('phone')), phoneOf(device('tablet'))];
    await phone.push(BASE);
    await tablet.push(BASE);
    await tablet.push([{ uid: BASE[0].uid, card: { name: { full: 'tablet' } } }, ...BASE.slice(1)]);

    const result = await phone.push([{ uid: BASE[0].uid, card: { name: { full: 'phone' } } }, ...BASE.slice(1)]);

    assert.deepEqual(result.conflicts, [BASE[0].uid]);
    assert.deepEqual((await cardsOf(device('phone'))).get(BASE[0].uid), { name: { full: 'phone' } });
    assert.deepEqual((await phone.store.conflicts()).map(({ card }) => card), [{ name: { full: 'tablet' } }]);
  });

  test('two address books are kept the same, both ways', async () => {
    const device = await newUser();
    const [phone, tablet] = [phoneOf(device('phone')), phoneOf(device('tablet'))];
    const [here, there] = [new MemoryAddressBook(BASE), new MemoryAddressBook()];
    await phone.sync(here);
    await tablet.sync(there);
    here.contacts.set(BASE[0].uid, { name: { full: 'phone' } });
    there.contacts.set('urn:uuid:ä/b', { name: { full: 'tablet' } });
    there.contacts.delete(BASE[1].uid);
    await phone.sync(here);

    const met = await tablet.sync(there);
    const received = await phone.sync(here);

    assert.deepEqual([met.received, met.added, met.deleted], [{ put: 1, deleted: 0 }, 1, 1]);
    assert.deepEqual(received.received, { put: 1, deleted: 1 });
    assert.deepEqual(here.cards, there.cards);
    assert.deepEqual(await cardsOf(device('phone')), here.cards);
  });

  test('2,500 contacts go in chunks; a lost store is repaired without sending or reading them again', async () => {
    const device = await newUser();
    const contacts = Array.from({ length: 2_500 }, (_, n) => bigContact(n));
    const events = [];
    const first = await phoneOf(device('phone'), new MemoryStore(), (event) => events.push(event)).push(contacts);

    const again = await phoneOf(device('phone')).push([...contacts.slice(1), treeContact(1)]);

    assert.deepEqual([first.kind, first.way, first.added], ['agreed', 'chunks', 2_500]);
    assert.equal(events.filter(({ kind }) => kind === 'acknowledged').length, 5);
    assert.deepEqual([again.kind, again.way, again.unchanged, again.added, again.unknown], ['agreed', 'one-request', 2_499, 1, 1]);
    assert.equal((await device('phone').head()).count, 2_501);
  });

  test('a push that was stopped between two chunks goes on', async () => {
    const device = await newUser();
    const contacts = Array.from({ length: 1_100 }, (_, n) => bigContact(n));
    const store = new MemoryStore();
    const stop = new AbortController();
    const stopping = phoneOf(device('phone'), store, ({ kind }) => kind === 'acknowledged' && stop.abort(new Error('closed')));
    await assert.rejects(stopping.push(contacts, { signal: stop.signal }), /closed/);
    const numbers = [];

    const result = await phoneOf(device('phone'), store, ({ kind, chunk }) => kind === 'acknowledged' && numbers.push(chunk)).push(contacts);

    assert.equal(result.kind, 'agreed');
    assert.deepEqual(numbers, [2, 3]);
    assert.deepEqual(await device('phone').tasks.unfinished(), []);
  });

  test('after a full upload of another device the tree finds the difference', async () => {
    const device = await newUser();
    const contacts = Array.from({ length: 60 }, (_, n) => treeContact(n));
    const phone = phoneOf(device('phone'));
    await phone.push(contacts);
    const other = [...contacts.slice(0, 59), treeContact(100)];
    await phoneOf(device('tablet')).push(other, { replace: true });

    const result = await phone.push([...contacts, treeContact(200)]);

    assert.deepEqual([result.kind, result.added, result.unknown, result.repairs], ['agreed', 2, 1, 1]);
    assert.deepEqual((await cardsOf(device('phone'))).size, 62);
  });

  test('eight devices push at the same time: nothing is lost', async () => {
    const device = await newUser();
    await phoneOf(device('first')).push(BASE);
    const pushes = Array.from({ length: 8 }, (_, n) => phoneOf(device(`device-${n}`)).push([...BASE, treeContact(100 + n)]));

    const results = await Promise.all(pushes);

    assert.deepEqual(results.map(({ kind }) => kind), Array(8).fill('agreed'));
    assert.equal((await cardsOf(device('first'))).size, 11);
  });
}
