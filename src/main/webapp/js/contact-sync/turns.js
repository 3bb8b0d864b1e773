/**
 * Turns of the event loop: long work is done in slices, so that a page stays alive.
 *
 * @module
 */

/** How long the page's thread works before other events get their turn, in milliseconds; a frame has 16. */
const SLICE_MILLIS = 8;

/** Values that are sorted at once: less than a millisecond. */
const RUN = 256;

/** When the slice of the present turn is used up; `undefined` before the first sliced work of a turn. */
let end;

/**
 * A clock of slices for one piece of work. All work of one turn has one slice together: a piece that is over is often followed by the next one
 * without a turn in between.
 */
export class Slices {
  /** Whether the slice is used up. */
  get isOver() {
    if (end === undefined) {
      end = performance.now() + SLICE_MILLIS;
      void nextTurn().then(() => (end = undefined));
    }
    return performance.now() >= end;
  }

  /** Lets other events be handled, then begins another slice. */
  async next() {
    await nextTurn();
    end = undefined;
  }
}

/**
 * Maps values in slices.
 *
 * @param {Iterable<T>} values
 * @param {(value: T) => R} map
 * @param {AbortSignal} [signal]
 * @returns {Promise<R[]>}
 */
export async function mapInSlices(values, map, signal) {
  const results = [];
  await forEachInSlices(values, (value) => results.push(map(value)), signal);
  return results;
}

/**
 * Does something with each value, in slices.
 *
 * @param {Iterable<T>} values they must not change meanwhile
 * @param {(value: T) => void} work
 * @param {AbortSignal} [signal]
 */
export async function forEachInSlices(values, work, signal) {
  const slices = new Slices();
  for (const value of values) {
    work(value);
    if (slices.isOver) {
      signal?.throwIfAborted();
      await slices.next();
    }
  }
}

/**
 * Sorts values in slices; equal ones stay in their order.
 *
 * @param {Array<T>} values not changed
 * @param {(a: T, b: T) => number} compare
 * @returns {Promise<T[]>}
 */
export async function sortInSlices(values, compare) {
  const starts = Array.from({ length: Math.ceil(values.length / RUN) }, (_, i) => i * RUN);
  let runs = await mapInSlices(starts, (start) => values.slice(start, start + RUN).sort(compare));
  while (runs.length > 1) {
    const merged = [];
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(i + 1 < runs.length ? await mergeInSlices(runs[i], runs[i + 1], compare) : runs[i]);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

/**
 * Merges sorted lists in slices; of equal values those of the first list come first.
 *
 * @param {Array<T>} first
 * @param {Array<T>} second
 * @param {(a: T, b: T) => number} compare by which both are sorted
 * @returns {Promise<T[]>} another list
 */
export async function mergeInSlices(first, second, compare) {
  const slices = new Slices();
  const merged = [];
  let [i, k] = [0, 0];
  while (i < first.length || k < second.length) {
    const isFirst = k === second.length || (i < first.length && compare(first[i], second[k]) <= 0);
    merged.push(isFirst ? first[i++] : second[k++]);
    if (slices.isOver) {
      await slices.next();
    }
  }
  return merged;
}

/** Resolves in a later turn of the event loop, so that events of the page are handled in between. */
function nextTurn() {
  if (typeof globalThis.scheduler?.yield === 'function') {
    return globalThis.scheduler.yield();
  }
  if (typeof setImmediate === 'function') {
    return new Promise((resolve) => setImmediate(resolve));
  }
  // Not setTimeout: browsers make nested ones wait for 4 ms.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
