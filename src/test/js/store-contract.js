/** What the client may expect of a store (`store.js`); each implementation passes it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** @param {() => Promise<object>} open opens the same store again, as after a restart; a new one for each test by `name` */
export function contract(kind, open) {
  test(`${kind}: a batch is stored as a whole`, async () => {
    const store = await open('whole');
    await store.write({ values: { a: { n: 1 }, b: [2] }, known: [['u', { onServer: 'h', sent: 'h' }], ['v', { onServer: 'i' }]] });
    await store.write({ values: { b: undefined }, known: [['u', undefined]] });

    assert.deepEqual(await store.get('a'), { n: 1 });
    assert.equal(await store.get('b'), undefined);
    assert.deepEqual([...(await store.known())], [['v', { onServer: 'i' }]]);

    await store.write({ clearKnown: true, known: [['w', { onServer: 'j' }]] });
    assert.deepEqual([...(await store.known()).keys()], ['w']);
  });

  test(`${kind}: what is read is a copy`, async () => {
    const store = await open('copy');
    const value = { list: [1] };
    await store.write({ values: { value } });
    value.list.push(2);
    (await store.get('value')).list.push(3);

    assert.deepEqual(await store.get('value'), { list: [1] });
  });

  test(`${kind}: updates of one value do not get lost`, async () => {
    const store = await open('update');
    await Promise.all(Array.from({ length: 20 }, () => store.update('n', (n = 0) => n + 1)));

    assert.equal(await store.get('n'), 20);
    await assert.rejects(
      store.update('n', () => {
        throw new Error('no');
      }),
      /no/,
    );
    assert.equal(await store.get('n'), 20);
    assert.equal(await store.update('n', () => undefined), undefined);
    assert.equal(await store.get('n'), undefined);
  });

  test(`${kind}: each version of an overwritten card is kept once, until it is dropped`, async () => {
    const store = await open('conflicts');
    const first = { uid: 'u', contentHash: 'h', card: { a: 1 } };
    await store.write({ conflicts: [first] });
    await store.write({ conflicts: [first, { uid: 'u', contentHash: 'i', card: { a: 2 } }] });

    assert.deepEqual((await store.conflicts()).map(({ card }) => card.a).sort(), [1, 2]);
    await store.dropConflict(first);
    assert.deepEqual((await store.conflicts()).map(({ card }) => card.a), [2]);
  });

  test(`${kind}: forms are stored by uid, beside the values`, async () => {
    const store = await open('forms');
    const form = { card: { a: 1 }, shown: { a: 2 } };
    await store.write({ values: { a: 1 }, forms: [['u', form], ['__proto__', form], ['v', form]] });
    await store.write({ clearKnown: true, forms: [['v', undefined]] });

    assert.deepEqual([...(await store.forms())].sort(), [['__proto__', form], ['u', form]]);
    assert.equal(await store.get('a'), 1);
  });

  test(`${kind}: 10,000 contacts are stored and read`, async () => {
    const store = await open('many');
    const known = Array.from({ length: 10_000 }, (_, n) => [`contact-${n}`, { onServer: `${n}`.padStart(64, '0') }]);
    await store.write({ known });

    const read = await store.known();
    assert.equal(read.size, 10_000);
    assert.ok(known.every(([uid, { onServer }]) => read.get(uid).onServer === onServer));
  });
}
