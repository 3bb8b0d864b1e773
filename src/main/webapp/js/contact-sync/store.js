/**
 * Where a client keeps what it remembers of one account between two runs. `MemoryStore` forgets it with the page; `IndexedDbStore` does
 * not. Another one needs the same methods; `src/test/js/store-contract.js` is their test.
 *
 * A store has small values by name, the known contacts by uid, the cards that a push has overwritten, and what the address book shows of
 * cards that it does not show as they were given.
 *
 * @module
 */

/**
 * What is written together, completely or not at all.
 *
 * @typedef {object} Batch
 * @property {Record<string, unknown>} [values] JSON values by name; `undefined` removes one
 * @property {Iterable<[string, { onServer: string, sent?: string } | undefined]>} [known] `undefined` removes one
 * @property {boolean} [clearKnown] remove all known contacts first
 * @property {Array<{ uid: string, contentHash: string, card: object }>} [conflicts] added to those that are kept
 * @property {Iterable<[string, object | undefined]>} [forms] how the address book shows cards, by uid; `undefined` removes one
 */

/** Keeps everything in memory, for tests and for pages that must not leave anything behind. */
export class MemoryStore {
  #values = new Map();
  #known = new Map();
  #conflicts = new Map();
  #forms = new Map();

  /** A value by its name, or `undefined`; the caller gets a copy. */
  async get(name) {
    return copy(this.#values.get(name));
  }

  /** All known contacts by uid. */
  async known() {
    return new Map(this.#known);
  }

  /** The cards of other devices that a push has overwritten; each version once. */
  async conflicts() {
    return copy([...this.#conflicts.values()]);
  }

  /** What the address book shows of cards that it does not show as they were given, by uid. */
  async forms() {
    return copy(this.#forms);
  }

  /** Forgets an overwritten card, once a person has decided about it. */
  async dropConflict({ uid, contentHash }) {
    this.#conflicts.delete(conflictKey({ uid, contentHash }));
  }

  /** Resolves when the whole batch is stored. @param {Batch} batch */
  async write({ values = {}, known = [], clearKnown = false, conflicts = [], forms = [] }) {
    for (const [name, value] of Object.entries(values)) {
      setOrDelete(this.#values, name, copy(value));
    }
    if (clearKnown) {
      this.#known.clear();
    }
    for (const [uid, each] of known) {
      setOrDelete(this.#known, uid, each);
    }
    conflicts.forEach((conflict) => this.#conflicts.set(conflictKey(conflict), copy(conflict)));
    for (const [uid, form] of forms) {
      setOrDelete(this.#forms, uid, copy(form));
    }
  }

  /**
   * Replaces one value; nothing else writes it in between.
   *
   * @param {(value: any) => any} change gets the value, returns the new one; without a promise
   * @returns {Promise<any>} the new value
   */
  async update(name, change) {
    const changed = change(copy(this.#values.get(name)));
    setOrDelete(this.#values, name, copy(changed));
    return changed;
  }

  async close() {}
}

/** The name of one version of a card. */
export function conflictKey({ uid, contentHash }) {
  return `${contentHash} ${uid}`;
}

function setOrDelete(map, key, value) {
  if (value === undefined) {
    map.delete(key);
  } else {
    map.set(key, value);
  }
}

function copy(value) {
  return value === undefined ? undefined : structuredClone(value);
}
