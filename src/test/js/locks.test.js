/** One at a time: in one program, and by Web Locks where there are any. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withLock } from '../../main/webapp/js/contact-sync/locks.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('work of one name runs in turn, of other names at the same time', async () => {
  const log = [];
  const work = (name) => async () => {
    log.push(`${name} begins`);
    await turn();
    log.push(`${name} ends`);
    return name;
  };

  const results = await Promise.all([withLock('a', work('a1')), withLock('a', work('a2')), withLock('b', work('b1'))]);

  assert.deepEqual(results, ['a1', 'a2', 'b1']);
  assert.deepEqual(log.filter((each) => each.startsWith('a')), ['a1 begins', 'a1 ends', 'a2 begins', 'a2 ends']);
  assert.ok(log.indexOf('b1 begins') < log.indexOf('a1 ends'));
});

test('work that fails gives its lock back', async () => {
  await assert.rejects(withLock('c', () => Promise.reject(new Error('no'))), /no/);

  assert.equal(await withLock('c', async () => 'yes'), 'yes');
});

test('whoever is aborted while it waits does not begin', async () => {
  const controller = new AbortController();
  const first = withLock('d', turn);
  const second = withLock('d', () => assert.fail('it has begun'), { signal: controller.signal });
  controller.abort(new Error('left'));

  await assert.rejects(second, /left/);
  await first;
});

test('a browser with Web Locks is asked for them', async (t) => {
  const asked = [];
  const locks = { request: async (name, options, work) => (asked.push([name, Object.keys(options)]), work()) };
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
  t.after(() => (before === undefined ? delete globalThis.navigator : Object.defineProperty(globalThis, 'navigator', before)));

  assert.equal(await withLock('e', async () => 'done', { signal: new AbortController().signal }), 'done');
  assert.deepEqual(asked, [['contact-sync:e', ['signal']]]);
});
