/**
 * Reads tables of IndexedDB.
 *
 * @module
 */

/**
 * Values of a table by their keys, all read in one transaction; the page has its turn in between. An implementation without key ranges is
 * read at once.
 *
 * @param {IDBObjectStore} table
 * @param {number} slice values of one turn
 * @returns {Promise<Map<any, any>>} in the order of the keys
 */
export async function readInSlices(table, slice) {
  const { IDBKeyRange } = globalThis;
  const most = IDBKeyRange === undefined ? undefined : slice;
  const values = new Map();
  for (let range; ; ) {
    const [keys, some] = await Promise.all([resultOf(table.getAllKeys(range, most)), resultOf(table.getAll(range, most))]);
    keys.forEach((key, i) => values.set(key, some[i]));
    if (most === undefined || keys.length < most) {
      return values;
    }
    range = IDBKeyRange.lowerBound(keys.at(-1), true);
  }
}

function resultOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
