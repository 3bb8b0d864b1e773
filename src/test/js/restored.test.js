/** A sync in both directions against a service that lost what it had: restored from a backup, or erased. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeService } from './fake-service.js';
import { BASE, assertEqualEverywhere, serverCards, twoDevices } from './phone.js';

const HERE = { name: { full: 'changed here' } };
const THERE = { name: { full: 'changed there' } };
const UID = BASE[0].uid;

test('a service that was restored from a backup gets back what it lost', async () => {
  const { service, phone, here } = await twoDevices();
  const backup = service.book.backup();
  here.contacts.set('new-here', HERE);
  await phone.sync(here);
  here.contacts.set('later', HERE);
  await phone.sync(here);
  service.book.restore(backup);

  const result = await phone.sync(here);

  assert.equal(result.kind, 'agreed');
  assert.equal(result.received.deleted, 0);
  assert.deepEqual(serverCards(service), here.cards);
  assert.equal(here.contacts.size, 6);
});

for (const changes of [1, 2, 4]) {
  test(`a service that was restored, and then changed ${changes} times by another device, takes nothing from the address book`, async () => {
    const devices = await twoDevices();
    const { service, phone, tablet, here, there } = devices;
    const backup = service.book.backup();
    here.contacts.set('zoe', HERE);
    here.contacts.set(UID, HERE);
    here.contacts.delete(BASE[1].uid);
    await phone.sync(here);
    service.book.restore(backup);
    for (let n = 1; n <= changes; n++) {
      const added = { op: 'put', uid: `new-there-${n}`, card: THERE };
      await service.book.apply({ changes: [added] }, service.book.checkCode);
    }

    const result = await phone.sync(here);
    await tablet.sync(there);

    assert.deepEqual([result.kind, result.received], ['agreed', { put: changes + 1, deleted: 0 }]);
    assert.deepEqual([here.contacts.get('zoe'), here.contacts.get(UID)], [HERE, HERE]);
    assertEqualEverywhere(devices);
    assert.deepEqual((await phone.sync(here)).way, 'nothing');
  });
}

test('a book that changes at each look was not restored: the card of the other device is taken', async () => {
  const { service, phone, here } = await twoDevices();
  await service.book.apply({ changes: [{ op: 'put', uid: UID, card: THERE }] }, service.book.checkCode);
  let looks = 0;
  service.before = async (method, path) => {
    if (path === '/v1/book/changes' && looks++ < 4) {
      const change = { op: 'put', uid: BASE[1].uid, card: { name: { full: `there ${looks}` } } };
      await service.book.apply({ changes: [change] }, service.book.checkCode);
    }
  };

  const result = await phone.sync(here);

  assert.deepEqual([result.kind, result.added, result.changed], ['agreed', 0, 0]);
  assert.deepEqual(here.contacts.get(UID), THERE);
  assert.deepEqual(here.cards, serverCards(service));
});

test('an erased account is not filled again without being asked, and takes nothing from the address book', async () => {
  const devices = await twoDevices();
  const { service, phone, tablet, here, there } = devices;
  service.book = (await FakeService.create()).book;

  await assert.rejects(tablet.sync(there), { code: 'account-began-anew' });
  await assert.rejects(tablet.sync(there, { confirmDeletes: true }), { code: 'account-began-anew' });
  assert.equal(there.cards.size, BASE.length);
  assert.equal(serverCards(service).size, 0);

  assert.equal((await phone.sync(here, { beginAnew: true })).kind, 'agreed');
  assert.equal((await tablet.sync(there)).kind, 'agreed');
  assert.equal(serverCards(service).size, BASE.length);
  assertEqualEverywhere(devices);
});

test('an account that another device has filled again since keeps the card that differs', async () => {
  const { service, tablet, there } = await twoDevices();
  const other = await FakeService.create();
  const changes = BASE.map(({ uid, card }) => ({ op: 'put', uid, card: uid === UID ? THERE : card }));
  await other.book.apply({ changes }, other.book.checkCode);
  service.book = other.book;
  const before = there.contacts.get(UID);

  const asked = await tablet.sync(there);
  assert.deepEqual([asked.kind, asked.conflicts], ['agreed', [UID]]);
  assert.deepEqual(serverCards(service).get(UID), THERE);
  assert.deepEqual(there.contacts.get(UID), before);

  const result = await tablet.sync(there, { onConflict: 'server' });
  assert.equal(result.kind, 'agreed');
  assert.deepEqual(serverCards(service).get(UID), THERE);
  assert.deepEqual(there.cards, serverCards(service));
  assert.equal(serverCards(service).size, BASE.length);
});
