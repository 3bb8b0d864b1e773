/** The client against the service in memory: what the real one does, and what only a faulty one does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Book } from '../../main/webapp/js/contact-sync/book.js';
import { CheckCodes } from '../../main/webapp/js/contact-sync/check-code.js';
import { CodesDiffer, ServerUnreachable } from '../../main/webapp/js/contact-sync/problem.js';
import { put } from '../../main/webapp/js/contact-sync/requests.js';
import { planUpload, sendUpload } from '../../main/webapp/js/contact-sync/upload.js';
import { FakeService, json, problem } from './fake-service.js';
import { contract, refusalOf } from './service-contract.js';
import { bigContact, treeContact } from './vectors.js';

const sleep = async () => {};

function bookOf(service, options = {}) {
  return new Book({ server: 'https://contacts.example.com', token: 'good', fetch: service.fetch, sleep, ...options });
}

contract(async (token = 'good') => bookOf(await FakeService.create(), { token }));

async function plannedUpload(service, number = 1_200) {
  const book = bookOf(service);
  const { checkKey, checkCode } = await book.head();
  const codes = await CheckCodes.of(checkKey);
  const changes = Array.from({ length: number }, (_, n) => bigContact(n)).map(({ uid, card }) => put(uid, card));
  return { book, plan: await planUpload({ codes, kind: 'initial', checkBefore: checkCode, changes, limits: await book.capabilities() }) };
}

test('an acknowledgement with another code ends the upload', async () => {
  const service = await FakeService.create();
  const { book, plan } = await plannedUpload(service);
  service.after = (method, path) =>
    path.endsWith('/chunks/2') ? json({ chunk: 2, nextChunk: 3, received: 1000, checkCode: plan.request.checkBefore }) : undefined;

  await assert.rejects(sendUpload(book, plan, { key: crypto.randomUUID() }), CodesDiffer);

  assert.deepEqual([...service.tasks.values()].map(({ state }) => state), ['cancelled']);
  assert.equal(service.book.contacts.size, 0);
});

test('every answer of an upload may be lost: nothing is sent twice', async () => {
  const service = await FakeService.create();
  const { book, plan } = await plannedUpload(service);
  const lost = new Set();
  service.after = (method, path) => {
    if (method !== 'GET' && !lost.has(path)) {
      lost.add(path);
      throw new TypeError('connection lost');
    }
  };

  const result = await sendUpload(book, plan, { key: crypto.randomUUID() });

  assert.equal(result.count, 1_200);
  assert.equal(service.tasks.size, 1);
  assert.equal(lost.size, 5);
});

test('the commit of an upload without chunks waits while others are ahead', async () => {
  const service = await FakeService.create();
  await service.book.apply({ changes: [{ op: 'put', ...treeContact(1) }] }, service.book.checkCode);
  const pauses = [];
  const book = bookOf(service, { sleep: async (millis) => pauses.push(millis) });
  const { checkKey, checkCode } = await book.head();
  const codes = await CheckCodes.of(checkKey);
  const plan = await planUpload({ codes, kind: 'replace', checkBefore: checkCode, changes: [], limits: await book.capabilities() });
  let ahead = 2;
  service.before = (method, path) =>
    path.endsWith('/commit') && ahead > 0 ? problem({ status: 409, code: 'task-waiting', members: { position: ahead-- } }, { 'Retry-After': '1' }) : undefined;
  const positions = [];

  const result = await sendUpload(book, plan, { key: crypto.randomUUID(), confirmDeletes: true, onWaiting: (position) => positions.push(position) });

  assert.deepEqual([result.count, positions], [0, [2, 1]]);
  assert.ok(pauses.length === 2 && pauses.every((millis) => millis >= 1_000), pauses.join());
});

test('a first chunk waits while others are ahead', async () => {
  const service = await FakeService.create();
  const pauses = [];
  const { plan } = await plannedUpload(service, 2);
  const book = bookOf(service, { sleep: async (millis) => void pauses.push(millis), random: () => 0 });
  let turns = 0;
  service.before = (method, path) =>
    path.includes('/chunks/') && turns++ < 3
      ? problem({ status: 409, code: 'task-waiting', members: { position: 2 } }, { 'Retry-After': '2' })
      : undefined;
  const waited = [];

  const result = await sendUpload(book, plan, { key: crypto.randomUUID(), onWaiting: (position) => waited.push(position) });

  assert.equal(result.count, 2);
  assert.deepEqual(waited, [2, 2, 2]);
  assert.deepEqual(pauses, [2_000, 2_000, 2_000]);
});

test('chunks that the service asks for without end are not sent without end', async () => {
  const service = await FakeService.create();
  const { book, plan } = await plannedUpload(service);
  service.before = (method, path) =>
    path.includes('/chunks/') ? problem({ status: 409, code: 'chunk-out-of-order', members: { expected: 1 } }) : undefined;

  assert.equal((await refusalOf(sendUpload(book, plan, { key: crypto.randomUUID() }))).code, 'chunk-out-of-order');
  assert.ok(service.requests.length < 20);
});

test('a change that is accepted for later is asked for until it has ended', async () => {
  const service = await FakeService.create();
  const book = bookOf(service);
  const { checkCode } = await book.head();
  const result = { task: 't', state: 'done', checkCode, seq: 1, count: 1, applied: { put: 1, deleted: 0 }, rebased: false };
  const states = [
    () => json({ id: 't', state: 'waiting', position: 3 }, {}, 202),
    () => json({ id: 't', state: 'waiting', position: 1 }),
    () => json({ id: 't', state: 'a-new-state', position: 0 }),
    () => json({ id: 't', state: 'done', result }),
  ];
  service.before = (method, path) => (path === '/v1/capabilities' ? undefined : states.shift()());
  const positions = [];
  const contact = treeContact(1);

  const task = await book.tasks.patch({ changes: [put(contact.uid, contact.card)], checkBefore: checkCode, key: crypto.randomUUID() });

  assert.deepEqual(await book.tasks.finished(task, { onWaiting: (position) => positions.push(position) }), result);
  assert.deepEqual(positions, [3, 1, 0]);
});

test('a task that fails later is its problem', async () => {
  const service = await FakeService.create();
  const book = bookOf(service);
  const failed = { id: 't', state: 'failed', problem: { type: 'urn:contact-sync:problem:contact-conflict', status: 409, detail: 'changed', next: 'merge' } };
  const error = await refusalOf(book.tasks.finished(failed));

  assert.deepEqual([error.code, error.status, error.next], ['contact-conflict', 409, 'merge']);
  assert.equal((await refusalOf(book.tasks.finished({ id: 't', state: 'expired' }))).code, 'task-expired');
});

test('a listing that was cut short is not a book', async () => {
  const service = await FakeService.create();
  const { book, plan } = await plannedUpload(service, 1_500);
  await sendUpload(book, plan, { key: crypto.randomUUID() });
  const codes = await CheckCodes.of((await book.head()).checkKey);
  service.after = (method, path) => (path === '/v1/book/contacts' ? json({ contacts: [], checkCode: plan.request.checkAfter }) : undefined);

  assert.equal((await refusalOf(book.contents(codes))).code, 'listing-incomplete');
});

test('a listing without an end is left', async () => {
  const service = await FakeService.create();
  const book = bookOf(service);
  service.before = () => json({ contacts: [], changes: [], entries: [], checkCode: 'x', hasMore: true, next: '/v1/book/contacts?after=a' });

  for (const reading of [() => book.pages().next().then(() => 1), () => book.changes(0), () => book.entries([''])]) {
    assert.equal((await refusalOf(reading())).code, 'endless-listing');
  }
});

test('an answer that does not follow the protocol is no answer', async () => {
  const service = await FakeService.create();
  const book = bookOf(service);
  const bodies = ['', '[]', 'null', '{', '<html>', '\u0000'];
  for (const body of bodies) {
    service.before = () => new Response(body, { status: 200 });
    assert.equal((await refusalOf(book.head())).code, 'unreadable-answer');
  }
  service.before = () => json({ contacts: 'many' });
  assert.equal((await refusalOf(book.pages().next())).code, 'unreadable-answer');
  service.before = () => new Response(new Uint8Array(7), { headers: { ETag: '"ck1.x"' } });
  assert.equal((await refusalOf(book.nodes())).code, 'unreadable-answer');
});

test('the book that changes while it is read is no book', async () => {
  const service = await FakeService.create();
  const { book, plan } = await plannedUpload(service, 1_500);
  await sendUpload(book, plan, { key: crypto.randomUUID() });
  const codes = await CheckCodes.of((await book.head()).checkKey);
  service.after = async (method, path) => {
    if (path === '/v1/book/contacts') {
      service.after = () => undefined;
      await service.book.apply({ changes: [{ op: 'put', uid: 'new', card: {} }] }, service.book.checkCode);
    }
  };

  assert.equal(await book.contents(codes), undefined);
});

test('limits are asked for once in five minutes', async () => {
  const service = await FakeService.create();
  let now = 0;
  const book = bookOf(service, { now: () => now });
  for (const time of [0, 1, 299_999, 300_000, 300_001]) {
    now = time;
    await book.capabilities();
  }

  assert.equal(service.requests.length, 2);
});

test('no network is told as such', async () => {
  const service = await FakeService.create();
  service.before = () => {
    throw new TypeError('fetch failed');
  };

  await assert.rejects(bookOf(service).head(), ServerUnreachable);
  assert.equal(service.requests.length, 3);
});
