/** What the client may expect of the service; passed by the fake one (`book.test.js`) and by the real one (`service/`). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckCodes, checkCodeOf } from '../../main/webapp/js/contact-sync/check-code.js';
import { DigestTree, differingPrefixes } from '../../main/webapp/js/contact-sync/digest-tree.js';
import { ServerProblem } from '../../main/webapp/js/contact-sync/problem.js';
import { put, remove } from '../../main/webapp/js/contact-sync/requests.js';
import { planUpload, sendUpload } from '../../main/webapp/js/contact-sync/upload.js';
import { bigContact, treeContact } from './vectors.js';

export async function refusalOf(promise) {
  const error = await promise.then(() => undefined, (reason) => reason);
  assert.ok(error instanceof ServerProblem, String(error));
  return error;
}

async function patched(book, changes, checkBefore, options = {}) {
  const task = await book.tasks.patch({ changes, checkBefore, key: crypto.randomUUID(), ...options });
  return book.tasks.finished(task);
}

/** @param {(user?: string) => Promise<Book>} bookOfNewUser */
export function contract(bookOfNewUser) {
  test('a new book is empty, and its code is computed from its key', async () => {
    const book = await bookOfNewUser();
    const head = await book.head();

    assert.equal(head.count, 0);
    assert.equal(head.checkCode, await checkCodeOf(head.checkKey, []));
    assert.equal(await book.isAt(head.checkCode), true);
  });

  test('one change is applied once, however often it is sent', async () => {
    const book = await bookOfNewUser();
    const { checkKey, checkCode } = await book.head();
    const contact = treeContact(1);
    const checkAfter = await checkCodeOf(checkKey, [contact]);
    const request = { changes: [put(contact.uid, contact.card, null)], checkBefore: checkCode, checkAfter, key: crypto.randomUUID(), priority: 'user' };

    const first = await book.tasks.finished(await book.tasks.patch(request));
    const second = await book.tasks.finished(await book.tasks.patch(request));

    assert.equal(first.checkCode, checkAfter);
    assert.deepEqual(second, first);
    assert.equal(await book.isAt(checkCode), false);
    assert.equal(await book.isAt(checkAfter), true);
    assert.deepEqual((await book.contact(contact.uid)).card, contact.card);
    assert.equal(await book.contact('nobody'), undefined);
  });

  test('another device that was faster is told, and rebase applies on top of it', async () => {
    const book = await bookOfNewUser();
    const { checkKey, checkCode } = await book.head();
    const [theirs, ours] = [treeContact(1), treeContact(2)];
    await patched(book, [put(theirs.uid, theirs.card, null)], checkCode);

    const problem = await refusalOf(patched(book, [put(ours.uid, ours.card, null)], checkCode));
    const result = await patched(book, [put(ours.uid, ours.card, null)], checkCode, { onMismatch: 'rebase' });

    assert.equal(problem.code, 'check-code-mismatch');
    assert.equal(problem.status, 412);
    assert.equal(problem.members.missed.complete, true);
    assert.deepEqual(problem.members.missed.changes[0].card, theirs.card);
    assert.equal(result.rebased, true);
    assert.equal(result.checkCode, await checkCodeOf(checkKey, [theirs, ours]));
  });

  test('a contact that is not as expected is a conflict', async () => {
    const book = await bookOfNewUser();
    const { checkCode } = await book.head();
    const contact = treeContact(1);
    const after = await patched(book, [put(contact.uid, contact.card, null)], checkCode);

    const problem = await refusalOf(patched(book, [remove(contact.uid, '0'.repeat(64))], after.checkCode));

    assert.equal(problem.code, 'contact-conflict');
    assert.deepEqual(problem.members.items.map(({ uid }) => uid), [contact.uid]);
  });

  test('a wrong prediction changes nothing', async () => {
    const book = await bookOfNewUser();
    const { checkCode } = await book.head();
    const contact = treeContact(1);

    const problem = await refusalOf(patched(book, [put(contact.uid, contact.card, null)], checkCode, { checkAfter: checkCode }));

    assert.equal(problem.code, 'result-code-mismatch');
    assert.equal(await book.isAt(checkCode), true);
  });

  test('2,500 contacts go in chunks, and are read as they were sent', async () => {
    const book = await bookOfNewUser();
    const { checkKey, checkCode } = await book.head();
    const codes = await CheckCodes.of(checkKey);
    const contacts = Array.from({ length: 2_500 }, (_, n) => bigContact(n));
    const changes = contacts.map(({ uid, card }) => put(uid, card));
    const plan = await planUpload({ codes, kind: 'initial', checkBefore: checkCode, changes, limits: await book.capabilities() });
    const acknowledged = [];

    const result = await sendUpload(book, plan, { key: crypto.randomUUID(), onAcknowledged: (each) => acknowledged.push(each.acknowledged) });
    const { contacts: read } = await book.contents(codes);

    assert.deepEqual(acknowledged, [500, 1000, 1500, 2000, 2500]);
    assert.equal(result.checkCode, plan.request.checkAfter);
    assert.equal(result.checkCode, await checkCodeOf(checkKey, contacts));
    assert.deepEqual(read.map(({ uid, card }) => ({ uid, card })), contacts);
    const { changes: fed, checkCode: fedCode } = await book.changes(0);
    assert.equal(fed.length, 2_500);
    assert.equal(fedCode, result.checkCode);
  });

  test('an upload goes on at the chunk that comes next', async () => {
    const book = await bookOfNewUser();
    const { checkKey, checkCode } = await book.head();
    const codes = await CheckCodes.of(checkKey);
    const changes = Array.from({ length: 1_200 }, (_, n) => bigContact(n)).map(({ uid, card }) => put(uid, card));
    const plan = await planUpload({ codes, kind: 'initial', checkBefore: checkCode, changes, limits: await book.capabilities() });
    const key = crypto.randomUUID();
    const stop = new AbortController();
    let task;
    const interrupted = sendUpload(book, plan, {
      key,
      signal: stop.signal,
      onOpened: (id) => (task = id),
      onAcknowledged: () => stop.abort(new Error('the page was closed')),
    });
    await assert.rejects(interrupted, /the page was closed/);
    const numbers = [];

    assert.equal((await book.tasks.unfinished()).length, 1);
    const result = await sendUpload(book, plan, { key, task, onAcknowledged: ({ chunk }) => numbers.push(chunk) });
    const again = await sendUpload(book, plan, { key, task });

    assert.deepEqual(numbers, [2, 3]);
    assert.equal(result.count, 1_200);
    assert.deepEqual(again, result);
  });

  test('changes of many contacts have running codes of the whole book', async () => {
    const book = await bookOfNewUser();
    const { checkKey, checkCode } = await book.head();
    const codes = await CheckCodes.of(checkKey);
    const contacts = Array.from({ length: 30 }, (_, n) => treeContact(n));
    const before = await patched(book, contacts.map(({ uid, card }) => put(uid, card, null)), checkCode);
    const known = new Map((await codes.hashes(contacts)).map(({ uid, contentHash }) => [uid, contentHash]));
    const changes = [
      ...Array.from({ length: 600 }, (_, n) => bigContact(n)).map(({ uid, card }) => put(uid, card, null)),
      put(contacts[0].uid, { name: { full: 'changed' } }, known.get(contacts[0].uid)),
      remove(contacts[1].uid, known.get(contacts[1].uid)),
    ];
    const plan = await planUpload({ codes, kind: 'changes', checkBefore: before.checkCode, changes, known, limits: await book.capabilities() });

    const result = await sendUpload(book, plan, { key: crypto.randomUUID() });

    assert.equal(plan.chunks.length, 2);
    assert.equal(result.checkCode, plan.request.checkAfter);
    assert.equal(result.count, 629);
  });

  test('the digest tree finds what differs', async () => {
    const book = await bookOfNewUser();
    const { checkKey, checkCode } = await book.head();
    const codes = await CheckCodes.of(checkKey);
    const contacts = Array.from({ length: 200 }, (_, n) => treeContact(n));
    const after = await patched(book, contacts.map(({ uid, card }) => put(uid, card, null)), checkCode);
    const own = new DigestTree();
    for (const { uid, entry } of await codes.hashes(contacts.slice(1))) {
      own.add(await codes.position(uid), entry);
    }

    const { checkCode: treeCode, nodes } = await book.nodes();
    const prefixes = await differingPrefixes(codes, own.nodes(), nodes);
    const { checkCode: entriesCode, entries } = await book.entries(prefixes);

    assert.equal(treeCode, after.checkCode);
    assert.equal(entriesCode, after.checkCode);
    assert.deepEqual(prefixes, [(await codes.position('c-0000')).slice(0, 2)]);
    assert.equal(entries.get('c-0000'), await codes.contentHash(contacts[0].card));
    assert.ok(entries.size < 20);
  });

  test('after a full upload the feed has expired', async () => {
    const book = await bookOfNewUser();
    const { checkKey, checkCode } = await book.head();
    const codes = await CheckCodes.of(checkKey);
    const { uid, card } = treeContact(1);
    const first = await patched(book, [put(uid, card, null)], checkCode);
    const changes = [put('other', card), put('another', card)];
    const plan = await planUpload({ codes, kind: 'replace', checkBefore: first.checkCode, changes, limits: await book.capabilities() });
    await sendUpload(book, plan, { key: crypto.randomUUID() });

    assert.equal(await book.changes(first.seq), undefined);
    assert.equal((await book.changes(0)).changes.length, 2);
  });

  test('deleting most of a book needs a person', async () => {
    const book = await bookOfNewUser();
    const { checkKey, checkCode } = await book.head();
    const codes = await CheckCodes.of(checkKey);
    const contacts = Array.from({ length: 20 }, (_, n) => treeContact(n));
    const after = await patched(book, contacts.map(({ uid, card }) => put(uid, card, null)), checkCode);
    const hashed = await codes.hashes(contacts);
    const changes = hashed.slice(1).map(({ uid, contentHash }) => remove(uid, contentHash));

    const problem = await refusalOf(patched(book, changes, after.checkCode));
    const result = await patched(book, changes, after.checkCode, { confirmDeletes: true });

    assert.equal(problem.code, 'mass-delete-suspected');
    assert.deepEqual([problem.members.deletes, problem.members.count], [19, 20]);
    assert.equal(result.count, 1);
  });

  test('a token that is not accepted is one problem', async () => {
    const book = await bookOfNewUser('bad token');

    assert.equal((await refusalOf(book.head())).code, 'unauthorized');
  });
}
