/**
 * One piece of work at a time for one name: in all tabs and workers of an origin where there are Web Locks, otherwise in this program.
 *
 * @module
 */

const WAITING = new Map();

/**
 * Runs `work` when nobody else holds the lock of this name. A tab that is closed gives its locks back.
 *
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {{ signal?: AbortSignal }} [options] ends the waiting, not the work
 * @returns {Promise<T>}
 */
export async function withLock(name, work, { signal } = {}) {
  const locks = globalThis.navigator?.locks;
  if (locks !== undefined) {
    return locks.request(`contact-sync:${name}`, signal === undefined ? {} : { signal }, work);
  }
  const before = WAITING.get(name) ?? Promise.resolve();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const after = before.then(() => held);
  WAITING.set(name, after);
  try {
    await before;
    signal?.throwIfAborted();
    return await work();
  } finally {
    release();
    if (WAITING.get(name) === after) {
      WAITING.delete(name);
    }
  }
}
