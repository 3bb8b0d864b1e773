/** Work in slices: sorting, merging, and one clock for all work of a turn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Slices, forEachInSlices, mapInSlices, mergeInSlices, sortInSlices } from '../../main/webapp/js/contact-sync/turns.js';

const LENGTHS = [0, 1, 255, 256, 257, 1_000, 5_000];
const byKey = (a, b) => a.key - b.key;

/** Values with few keys, each with its place: what is equal can be told apart. */
function values(length) {
  return Array.from({ length }, (_, place) => ({ key: (place * 7_919) % 101, place }));
}

test('sorts as Array.sort does, and leaves the list as it was', async () => {
  for (const length of LENGTHS) {
    const list = values(length);

    assert.deepEqual(await sortInSlices(list, byKey), values(length).sort(byKey), `${length} values`);
    assert.deepEqual(list, values(length));
  }
});

test('merges two sorted lists, of equal values those of the first list first', async () => {
  for (const [first, second] of [[0, 0], [0, 3], [3, 0], [1, 1_000], [1_000, 1], [700, 900]]) {
    const [one, other] = [values(first).sort(byKey), values(second).sort(byKey)];

    assert.deepEqual(await mergeInSlices(one, other, byKey), [...one, ...other].sort(byKey), `${first} and ${second} values`);
  }
});

test('maps each value once, in order, also while others do', async () => {
  const list = values(3_000);
  const [one, other] = await Promise.all([mapInSlices(list, ({ place }) => place), mapInSlices(list, ({ place }) => -place)]);

  assert.deepEqual(one, list.map(({ place }) => place));
  assert.deepEqual(other, list.map(({ place }) => -place));
});

/** A clock that stands still until it is told to go on, at the beginning of a turn. */
async function clockOf(t) {
  const clock = { millis: performance.now() };
  t.mock.method(performance, 'now', () => clock.millis);
  await new Slices().next();
  return clock;
}

test('pieces of work in one turn share its slice, and the next turn has a new one', async (t) => {
  const clock = await clockOf(t);
  assert.equal(new Slices().isOver, false);
  clock.millis += 7;
  assert.equal(new Slices().isOver, false);
  clock.millis += 1;

  const slices = new Slices();
  assert.equal(slices.isOver, true);
  await slices.next();
  assert.equal(slices.isOver, false);
});

test('other events have their turn while a long list is worked on', async (t) => {
  const clock = await clockOf(t);
  let turns = 0;
  const count = () => {
    turns++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  await forEachInSlices(values(100), () => clock.millis++);
  clearImmediate(timer);

  assert.ok(turns >= 10, `${turns} turns in 100 ms`);
});

test('ends with the reason of a signal, at the end of a slice', async (t) => {
  const clock = await clockOf(t);
  const reason = new Error('enough');
  let seen = 0;

  await assert.rejects(forEachInSlices(values(100), () => (clock.millis++, seen++), AbortSignal.abort(reason)), reason);
  assert.ok(seen <= 10, `${seen} values`);
});
