/**
 * Turns of the event loop: long work is done in slices, so that a page stays alive.
 *
 * @module
 */

/** How long the page's thread works before other events get their turn, in milliseconds; a frame has 16. */
const SLICE_MILLIS = 8;

/** A clock of slices for one piece of work. */
export class Slices {
  #end = performance.now() + SLICE_MILLIS;

  /** Whether the slice is used up. */
  get isOver() {
    return performance.now() >= this.#end;
  }

  /** Lets other events be handled, then begins another slice. */
  async next() {
    await nextTurn();
    this.#end = performance.now() + SLICE_MILLIS;
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
  const slices = new Slices();
  const results = [];
  for (const value of values) {
    results.push(map(value));
    if (slices.isOver) {
      signal?.throwIfAborted();
      await slices.next();
    }
  }
  return results;
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
