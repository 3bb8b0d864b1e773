/** A push against the service in memory: the decision table, the ladder, and what is remembered. Protocol 11.2 to 11.6. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerUnreachable } from '../../main/webapp/js/contact-sync/problem.js';
import { MemoryStore } from '../../main/webapp/js/contact-sync/store.js';
import { FakeService, json, problem } from './fake-service.js';
import { contactsOf, phoneOf, serverCards } from './phone.js';
import { bigContact, treeContact } from './vectors.js';

const BASE = [0, 1, 2, 3].map(treeContact);
const CHANGED = { name: { full: 'changed here' } };
const THEIRS = { name: { full: 'changed there' } };

async function agreedPhone(contacts = BASE) {
  const service = await FakeService.create();
  const phone = phoneOf(service);
  const result = await phone.push(contacts);
  assert.equal(result.kind, 'agreed');
  return { service, phone };
}

test('the first push adds everything, the next one asks with one request', async () => {
  const { service, phone } = await agreedPhone();
  assert.deepEqual(serverCards(service), contactsOf(BASE));
  service.requests.length = 0;

  const again = await phone.push(BASE);

  assert.deepEqual([again.kind, again.way, again.unchanged], ['agreed', 'nothing', 4]);
  assert.deepEqual(service.requests, ['HEAD /v1/book']);
});

test('what changed is sent, and nothing else', async () => {
  const { service, phone } = await agreedPhone();
  service.requests.length = 0;

  const result = await phone.push([{ uid: BASE[0].uid, card: CHANGED }, BASE[1], BASE[2], treeContact(9)]);

  assert.deepEqual([result.added, result.changed, result.deleted, result.unchanged], [1, 1, 1, 2]);
  assert.equal(result.way, 'one-request');
  assert.equal(result.checkCode, service.book.checkCode);
  assert.deepEqual(service.requests.filter((each) => each.includes('contacts')), ['PATCH /v1/book/contacts']);
});

test('what another device changed stays as it made it', async () => {
  const { service, phone } = await agreedPhone();
  await phoneOf(service).push([{ uid: BASE[0].uid, card: THEIRS }, ...BASE.slice(1), treeContact(7)], { onConflict: 'keep' });

  const result = await phone.push([BASE[0], BASE[1], BASE[2]]);

  assert.deepEqual(result.theirs, [BASE[0].uid]);
  assert.equal(result.deleted, 1);
  assert.equal(result.unknown, 1);
  assert.deepEqual(serverCards(service).get(BASE[0].uid), THEIRS);
  assert.ok(serverCards(service).has(treeContact(7).uid));
});

test('a contact that this side deleted and another changed is not deleted', async () => {
  const { service, phone } = await agreedPhone();
  await phoneOf(service).push([{ uid: BASE[0].uid, card: THEIRS }, ...BASE.slice(1)]);

  const result = await phone.push(BASE.slice(1));

  assert.deepEqual(result.theirs, [BASE[0].uid]);
  assert.deepEqual(serverCards(service).get(BASE[0].uid), THEIRS);
});

for (const [onConflict, kind, wins] of [['keep', 'agreed', CHANGED], ['server', 'agreed', THEIRS], ['stop', 'conflicting', THEIRS]]) {
  test(`a conflict: ${onConflict}`, async () => {
    const { service, phone } = await agreedPhone();
    await phoneOf(service).push([{ uid: BASE[0].uid, card: THEIRS }, ...BASE.slice(1)]);

    const result = await phone.push([{ uid: BASE[0].uid, card: CHANGED }, ...BASE.slice(1)], { onConflict });

    assert.equal(result.kind, kind);
    assert.deepEqual(result.conflicts, [BASE[0].uid]);
    assert.deepEqual(serverCards(service).get(BASE[0].uid), wins);
    const kept = await phone.store.conflicts();
    assert.deepEqual(kept.map(({ card }) => card), onConflict === 'keep' ? [THEIRS] : []);
  });
}

test('a device that comes between the look and the request is respected', async () => {
  const { service, phone } = await agreedPhone();
  service.before = async (method, path) => {
    if (method === 'PATCH' && path === '/v1/book/contacts') {
      service.before = () => undefined;
      await service.book.apply({ changes: [{ op: 'put', uid: 'between', card: THEIRS }] }, service.book.checkCode);
    }
  };

  const result = await phone.push([...BASE, treeContact(8)]);

  assert.equal(result.kind, 'agreed');
  assert.deepEqual([...serverCards(service).keys()].sort(), ['between', ...BASE.map(({ uid }) => uid), 'c-0008'].sort());
});

test('a new phone with the same contacts links to them and uploads nothing', async () => {
  const { service } = await agreedPhone(Array.from({ length: 300 }, (_, n) => treeContact(n)));
  const seq = service.book.seq;
  service.requests.length = 0;

  const result = await phoneOf(service).push(Array.from({ length: 300 }, (_, n) => treeContact(n)));

  assert.deepEqual([result.unchanged, result.way], [300, 'nothing']);
  assert.equal(service.book.seq, seq);
  assert.ok(!service.requests.some((each) => each.startsWith('PATCH') || each.startsWith('POST')));
});

test('a large book goes in chunks, and only once', async () => {
  const contacts = Array.from({ length: 1_300 }, (_, n) => bigContact(n));
  const events = [];
  const service = await FakeService.create();
  const phone = phoneOf(service, { onProgress: (event) => events.push(event) });

  const result = await phone.push(contacts);

  assert.deepEqual([result.kind, result.way, result.added], ['agreed', 'chunks', 1_300]);
  assert.deepEqual(events.filter(({ kind }) => kind === 'acknowledged').map(({ acknowledged }) => acknowledged), [500, 1_000, 1_300]);
  assert.equal(service.tasks.size, 1);
});

test('deleting most of the book waits for a person', async () => {
  const contacts = Array.from({ length: 24 }, (_, n) => treeContact(n));
  const { service, phone } = await agreedPhone(contacts);

  assert.deepEqual(await phone.push(contacts.slice(0, 3)), { kind: 'needs-confirmation', deletes: 21, count: 24 });
  assert.equal((await phone.push([])).kind, 'needs-confirmation');
  assert.equal(service.book.contacts.size, 24);
  assert.equal((await phone.push(contacts.slice(0, 3), { confirmDeletes: true })).deleted, 21);
  assert.equal(service.book.contacts.size, 3);
});

test('what cannot be sent or seen stays on the service', async () => {
  const { service, phone } = await agreedPhone();

  const result = await phone.push([{ uid: BASE[0].uid, card: { a: null } }, BASE[1], BASE[2]], { notVisible: [BASE[3].uid] });

  assert.deepEqual(result.invalid.map(({ uid, flaws }) => [uid, flaws[0].code]), [[BASE[0].uid, 'null-value']]);
  assert.equal(result.deleted, 0);
  assert.equal(service.book.contacts.size, 4);
});

test('a dry run changes nothing', async () => {
  const { service, phone } = await agreedPhone();
  const { checkCode } = service.book;

  const result = await phone.push([], { dryRun: true });

  assert.deepEqual([result.kind, result.deleted], ['planned', 4]);
  assert.equal(service.book.checkCode, checkCode);
});

test('replace makes the book exactly this one', async () => {
  const { service, phone } = await agreedPhone();
  await phoneOf(service).push([...BASE, treeContact(7)]);

  const result = await phone.push(BASE.slice(0, 3), { replace: true });

  assert.deepEqual([result.kind, result.way, result.deleted], ['agreed', 'replace', 2]);
  assert.deepEqual(serverCards(service), contactsOf(BASE.slice(0, 3)));
  await assert.rejects(phone.push(BASE, { replace: true, onConflict: 'server' }), TypeError);
});

test('a service restored from a backup gets back what it lost, and nothing is deleted', async () => {
  const { service, phone } = await agreedPhone(BASE.slice(0, 2));
  const backup = service.book.backup();
  const now = [{ uid: BASE[0].uid, card: CHANGED }, BASE[1], BASE[2]];
  await phone.push(now);
  await phone.push([...now, BASE[3]]);
  service.book.restore(backup);

  const result = await phone.push([...now, BASE[3]]);

  assert.equal(result.kind, 'agreed');
  assert.equal(result.deleted, 0);
  assert.deepEqual(serverCards(service), contactsOf([...now, BASE[3]]));
});

test('a book with another key is met again', async () => {
  const { service, phone } = await agreedPhone();
  const other = await FakeService.create();
  await phoneOf(other).push([{ uid: BASE[0].uid, card: THEIRS }]);
  service.book = other.book;

  const result = await phone.push(BASE);

  assert.equal(result.kind, 'agreed');
  assert.deepEqual(serverCards(service), contactsOf(BASE));
  assert.deepEqual(await phone.store.conflicts(), []);
});

test('an erased account is not filled again without being asked', async () => {
  const { service, phone } = await agreedPhone();
  const other = await FakeService.create();
  service.book = other.book;

  await assert.rejects(phone.push(BASE), { code: 'account-began-anew' });
  await assert.rejects(phone.push(BASE), { code: 'account-began-anew' });
  assert.equal(serverCards(service).size, 0);

  const result = await phone.push(BASE, { beginAnew: true });
  assert.equal(result.kind, 'agreed');
  assert.deepEqual(serverCards(service), contactsOf(BASE));
});

test('a lost store is found again by the tree, without the cards', async () => {
  const contacts = Array.from({ length: 400 }, (_, n) => treeContact(n));
  const { service } = await agreedPhone(contacts);
  service.requests.length = 0;
  const phone = phoneOf(service, { store: new MemoryStore() });

  const result = await phone.push([{ uid: contacts[0].uid, card: CHANGED }, ...contacts.slice(1)]);

  assert.equal(result.kind, 'agreed');
  assert.deepEqual(result.conflicts, [contacts[0].uid]);
  assert.deepEqual((await phone.store.conflicts())[0].card, contacts[0].card);
  assert.ok(!service.requests.includes('GET /v1/book/contacts'));
});

test('a store that lost a part of itself is as good as an empty one', async () => {
  const { service, phone } = await agreedPhone();
  await phone.store.write({ known: [[BASE[0].uid, undefined]] });

  const result = await phone.push(BASE);

  assert.deepEqual([result.kind, result.unchanged], ['agreed', 4]);
  assert.deepEqual(serverCards(service), contactsOf(BASE));
});

test('a service whose second code never fits ends in a full upload', async () => {
  const { service, phone } = await agreedPhone();
  service.before = (method) =>
    method === 'PATCH' ? problem({ status: 409, code: 'result-code-mismatch', members: { serverCheckCode: 'x', count: 1 } }) : undefined;

  const result = await phone.push([...BASE, treeContact(9)]);

  assert.deepEqual([result.kind, result.way], ['agreed', 'replace']);
  assert.equal(service.requests.filter((each) => each.startsWith('PATCH')).length, 1 + 3);
  assert.equal(service.book.contacts.size, 5);
});

test('a listing that is cut short uploads nothing', async () => {
  const { service, phone } = await agreedPhone();
  service.after = (method, path) =>
    path === '/v1/book/contacts' && method === 'GET' ? json({ contacts: [], checkCode: service.book.checkCode }) : undefined;

  await assert.rejects(phone.push(BASE.slice(1), { replace: true }), { code: 'listing-incomplete' });
  assert.equal(service.book.contacts.size, 4);
});

test('a refusal that no repetition mends is told', async () => {
  const { service, phone } = await agreedPhone();
  service.before = (method) => (method === 'PATCH' ? problem({ status: 422, code: 'book-full' }) : undefined);

  const result = await phone.push([...BASE, treeContact(9)]);

  assert.deepEqual([result.kind, result.problem.code], ['refused', 'book-full']);
});

test('no network: the next push goes on', async () => {
  const { service, phone } = await agreedPhone();
  service.before = () => {
    throw new TypeError('offline');
  };
  await assert.rejects(phone.push([...BASE, treeContact(9)]), ServerUnreachable);
  service.before = () => undefined;

  assert.equal((await phone.push([...BASE, treeContact(9)])).added, 1);
});

test('two tabs push one after the other', async () => {
  const { service, phone } = await agreedPhone();

  const results = await Promise.all([phone.push([...BASE, treeContact(8)]), phone.push([...BASE, treeContact(8)])]);

  assert.deepEqual(results.map(({ kind, added }) => [kind, added]), [['agreed', 1], ['agreed', 0]]);
  assert.equal(service.book.seq, 2);
});
