/** Both stores, and what IndexedDB keeps over a restart. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { IndexedDbStore } from '../../main/webapp/js/contact-sync/indexed-db-store.js';
import { MemoryStore } from '../../main/webapp/js/contact-sync/store.js';
import { contract } from './store-contract.js';

contract('memory', async () => new MemoryStore());

// JavaScriptTest installs it below target; without it, only the other store is tested.
const packages = process.env.NODE_MODULES;
if (packages === undefined) {
  test('IndexedDB', { skip: 'NODE_MODULES names no packages' }, () => {});
} else {
  const require = createRequire(`${packages}/`);
  const { IDBFactory, IDBKeyRange } = require('fake-indexeddb');
  const factory = new IDBFactory();
  contract('IndexedDB without key ranges', (name) => IndexedDbStore.open(`plain ${name}`, factory));
  test('IndexedDB: key ranges as in a browser', () => void (globalThis.IDBKeyRange = IDBKeyRange));
  contract('IndexedDB', (name) => IndexedDbStore.open(name, factory));

  test('IndexedDB: another tab sees what is stored, and so does the next run', async () => {
    const first = await IndexedDbStore.open('ada', factory);
    const second = await IndexedDbStore.open('ada', factory);
    await first.write({ values: { a: 1 }, known: [['u', { onServer: 'h' }]] });

    assert.equal(await second.get('a'), 1);
    await first.close();
    await second.close();
    const next = await IndexedDbStore.open('ada', factory);
    assert.deepEqual((await next.known()).get('u'), { onServer: 'h' });
    assert.equal(await (await IndexedDbStore.open('grace', factory)).get('a'), undefined);
  });

  test('IndexedDB: a batch that cannot be stored leaves everything as it was', async () => {
    const store = await IndexedDbStore.open('failing', factory);
    await store.write({ values: { a: 1 } });

    await assert.rejects(store.write({ values: { a: 2, b: () => 'a function is not a value' } }));
    assert.equal(await store.get('a'), 1);
  });

  test('IndexedDB: what is remembered of an account is removed', async () => {
    const store = await IndexedDbStore.open('leaving', factory);
    await store.write({ values: { a: 1 } });
    await IndexedDbStore.remove('leaving', factory);

    assert.equal(await (await IndexedDbStore.open('leaving', factory)).get('a'), undefined);
  });
}
