/** A sync in both directions against the service in memory: the table of `arrivals.js`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '../../main/webapp/js/contact-sync/store.js';
import { FakeService } from './fake-service.js';
import { BASE, MemoryAddressBook, assertEqualEverywhere, phoneOf, serverCards, twoDevices } from './phone.js';
import { treeContact } from './vectors.js';

const HERE = { name: { full: 'changed here' } };
const THERE = { name: { full: 'changed there' } };
const UID = BASE[0].uid;

test('a device that comes gets everything, and sends nothing', async () => {
  const devices = await twoDevices();
  assertEqualEverywhere(devices);
  assert.equal(devices.service.book.seq, 1);
});

test('nothing changed: two requests without bodies', async () => {
  const { service, phone, here } = await twoDevices();
  service.requests.length = 0;

  const result = await phone.sync(here);

  assert.deepEqual([result.kind, result.way, result.received], ['agreed', 'nothing', { put: 0, deleted: 0 }]);
  assert.deepEqual([...new Set(service.requests)], ['HEAD /v1/book']);
});

test('changes, additions and deletions of both sides meet', async () => {
  const devices = await twoDevices();
  const { phone, tablet, here, there } = devices;
  here.contacts.set(UID, HERE);
  here.contacts.set('new-here', HERE);
  there.contacts.set(BASE[1].uid, THERE);
  there.contacts.set('new-there', THERE);
  there.contacts.delete(BASE[2].uid);
  await tablet.sync(there);

  const result = await phone.sync(here);
  await tablet.sync(there);

  assert.deepEqual(result.received, { put: 2, deleted: 1 });
  assert.deepEqual([result.added, result.changed, result.deleted], [1, 1, 0]);
  assertEqualEverywhere(devices);
  assert.deepEqual([...here.cards.keys()].sort(), [UID, BASE[1].uid, BASE[3].uid, 'new-here', 'new-there'].sort());
});

test('what another device deleted is not added again, also by a device that came between look and request', async () => {
  const devices = await twoDevices();
  const { service, phone, here } = devices;
  here.contacts.set(BASE[1].uid, HERE);
  service.before = async (method) => {
    if (method === 'PATCH') {
      service.before = () => undefined;
      await service.book.apply({ changes: [{ op: 'delete', uid: UID }] }, service.book.checkCode);
    }
  };

  const result = await phone.sync(here);

  assert.equal(result.kind, 'agreed');
  assert.ok(!here.contacts.has(UID) && !service.book.contacts.has(UID));
  assert.deepEqual(here.cards, serverCards(service));
});

test('an edit is not lost by a deletion, from either side', async () => {
  const devices = await twoDevices();
  const { phone, tablet, here, there } = devices;
  here.contacts.set(UID, HERE);
  here.contacts.delete(BASE[1].uid);
  there.contacts.delete(UID);
  there.contacts.set(BASE[1].uid, THERE);
  await tablet.sync(there);

  await phone.sync(here);
  await tablet.sync(there);

  assertEqualEverywhere(devices);
  assert.deepEqual([here.contacts.get(UID), here.contacts.get(BASE[1].uid)], [HERE, THERE]);
});

test('a conflict is left alone on both sides until a person decides, and holds up nothing else', async () => {
  const devices = await twoDevices();
  const { service, phone, tablet, here, there } = devices;
  here.contacts.set(UID, HERE);
  here.contacts.set('new-here', HERE);
  there.contacts.set(UID, THERE);
  await tablet.sync(there);

  const result = await phone.sync(here);

  assert.deepEqual([result.kind, result.conflicts, result.added], ['agreed', [UID], 1]);
  assert.deepEqual([here.contacts.get(UID), serverCards(service).get(UID)], [HERE, THERE]);
  assert.deepEqual((await phone.sync(here)).conflicts, [UID]);

  const { contentHash } = await phone.book.contact(UID);
  assert.equal(await phone.synchroniser.resolve(UID, '0'.repeat(64)), false);
  assert.equal(await phone.synchroniser.resolve(UID, contentHash), true);
  assert.deepEqual((await phone.sync(here)).conflicts, []);
  await tablet.sync(there);
  assertEqualEverywhere(devices);
  assert.deepEqual(there.contacts.get(UID), HERE);
});

test('a conflict decided for the other card: it is written into the address book', async () => {
  const devices = await twoDevices();
  const { phone, tablet, here, there } = devices;
  here.contacts.set(UID, HERE);
  there.contacts.set(UID, THERE);
  await tablet.sync(there);
  await phone.sync(here);

  here.contacts.set(UID, THERE);

  assert.deepEqual((await phone.sync(here)).conflicts, []);
  assertEqualEverywhere(devices);
});

for (const [onConflict, wins, loses] of [['keep', HERE, THERE], ['server', THERE, HERE]]) {
  test(`conflicts decided beforehand: ${onConflict}`, async () => {
    const devices = await twoDevices();
    const { phone, tablet, here, there } = devices;
    here.contacts.set(UID, HERE);
    there.contacts.set(UID, THERE);
    await tablet.sync(there);

    assert.equal((await phone.sync(here, { onConflict })).kind, 'agreed');
    await tablet.sync(there);

    assertEqualEverywhere(devices);
    assert.deepEqual(here.contacts.get(UID), wins);
    assert.deepEqual((await phone.store.conflicts()).map(({ card }) => card), [loses]);
  });
}

test('a contact that a person changes while it arrives is not overwritten', async () => {
  const { service, phone, here } = await twoDevices();
  await service.book.apply({ changes: [{ op: 'put', uid: UID, card: THERE }] }, service.book.checkCode);
  here.onApply = () => here.contacts.set(UID, HERE);

  const result = await phone.sync(here);

  assert.deepEqual(result.conflicts, [UID]);
  assert.deepEqual([here.contacts.get(UID), serverCards(service).get(UID)], [HERE, THERE]);
});

test('stopped between the address book and the store: the next sync finds them equal', async () => {
  const devices = await twoDevices();
  const { service, phone, here } = devices;
  const changes = [{ op: 'put', uid: 'new-there', card: THERE }, { op: 'delete', uid: UID }];
  await service.book.apply({ changes }, service.book.checkCode);
  const write = phone.store.write.bind(phone.store);
  phone.store.write = async (batch) => {
    if (batch.forms === undefined) {
      throw new Error('the page was closed');
    }
    await write(batch);
  };
  await assert.rejects(phone.sync(here), /closed/);
  phone.store.write = write;

  const result = await phone.sync(here);

  assert.deepEqual([result.kind, result.received, result.added, result.deleted], ['agreed', { put: 0, deleted: 0 }, 0, 0]);
  assert.deepEqual(here.cards, serverCards(service));
});

test('a deletion of most of the address book waits for a person', async () => {
  const contacts = Array.from({ length: 24 }, (_, n) => treeContact(n));
  const { service, phone, here } = await twoDevices(contacts);
  const changes = contacts.slice(0, 20).map(({ uid }) => ({ op: 'delete', uid }));
  await service.book.apply({ changes, confirmDeletes: true }, service.book.checkCode);

  const stopped = await phone.sync(here);

  assert.deepEqual(stopped, { kind: 'needs-confirmation', side: 'address-book', deletes: 20, count: 24, received: { put: 0, deleted: 0 } });
  assert.equal(here.contacts.size, 24);
  assert.equal((await phone.sync(here, { confirmDeletes: true })).received.deleted, 20);
  assert.deepEqual(here.cards, serverCards(service));
});

test('a card that is not what its hash says is not taken', async () => {
  const { service, phone, here } = await twoDevices();
  await service.book.apply({ changes: [{ op: 'put', uid: UID, card: THERE }] }, service.book.checkCode);
  const before = here.cards;
  service.after = (method, path) =>
    path.startsWith('/v1/book/contacts/') ? new Response(JSON.stringify({ uid: UID, card: HERE, contentHash: 'x' })) : undefined;

  await assert.rejects(phone.sync(here), { code: 'book-keeps-changing' });
  assert.deepEqual(here.cards, before);
});

test('a lost store and a full address book: everything is linked, nothing is sent or received', async () => {
  const { service, here } = await twoDevices();
  const seq = service.book.seq;

  const result = await phoneOf(service, { store: new MemoryStore() }).sync(here);

  assert.deepEqual([result.unchanged, result.received], [4, { put: 0, deleted: 0 }]);
  assert.equal(service.book.seq, seq);
});

test('a full upload leaves out what others have deleted', async () => {
  const devices = await twoDevices();
  const { service, phone, here } = devices;
  await service.book.apply({ changes: [{ op: 'delete', uid: UID }] }, service.book.checkCode);
  here.contacts.set('new-here', HERE);
  service.before = (method) =>
    method === 'PATCH' ? Response.json({ type: 'urn:contact-sync:problem:result-code-mismatch', status: 409, serverCheckCode: 'x' }, { status: 409 }) : undefined;

  const result = await phone.sync(here);

  assert.deepEqual([result.kind, result.way], ['agreed', 'replace']);
  assert.ok(!service.book.contacts.has(UID));
  assert.deepEqual(here.cards, serverCards(service));
});

test('random changes of three devices with conflicts kept: equal at the end, and no contact is lost that nobody deleted', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  let state = seed;
  const random = (n) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
  const service = await FakeService.create();
  const books = [0, 1, 2].map(() => new MemoryAddressBook());
  const phones = books.map(() => phoneOf(service));
  const deleted = new Set();
  const made = new Set();
  for (let step = 0; step < 120; step++) {
    const i = random(3);
    const uid = `c-${random(12)}`;
    const kind = random(6);
    if (kind < 3) {
      books[i].contacts.set(uid, { name: { full: `${i} ${step}` } });
      made.add(uid);
      deleted.delete(uid);
    } else if (kind === 3 && books[i].contacts.delete(uid)) {
      deleted.add(uid);
    }
    if (random(2) === 0) {
      const result = await phones[i].sync(books[i], { onConflict: random(2) === 0 ? 'keep' : 'server', confirmDeletes: true });
      assert.equal(result.kind, 'agreed', `seed ${seed}`);
    }
  }
  for (let round = 0; round < 3; round++) {
    for (const [i, phone] of phones.entries()) {
      await phone.sync(books[i], { onConflict: 'keep', confirmDeletes: true });
    }
  }

  for (const book of books) {
    assert.deepEqual(book.cards, serverCards(service), `seed ${seed}`);
  }
  for (const uid of made) {
    assert.ok(service.book.contacts.has(uid) || deleted.has(uid), `seed ${seed}: ${uid}`);
  }
});
