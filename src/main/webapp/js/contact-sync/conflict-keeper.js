/**
 * Keeps the cards of other devices that a push overwrites: each is in the store before the push sends anything.
 *
 * @module
 */

/** Up to so many cards are fetched one by one; for more the whole book is read, which takes a request for 1,000. */
const ONE_BY_ONE = 50;

/** For one push. */
export class ConflictKeeper {
  #book;
  #store;
  #signal;
  #kept = new Map();
  #overwritten = new Set();

  constructor(book, store, signal) {
    this.#book = book;
    this.#store = store;
    this.#signal = signal;
  }

  /**
   * Stores the cards that are about to be overwritten.
   *
   * @param {Map<string, string>} conflicts content hashes that the service has, by uid
   * @param {CheckCodes} codes
   * @param {Array<{ uid: string, card: object }>} [contacts] the service's book, if it is at hand
   * @returns {Promise<boolean>} whether they are what the comparison saw; otherwise the book has changed since
   */
  async keep(conflicts, codes, contacts) {
    const missing = [...conflicts].filter(([uid, hash]) => this.#kept.get(uid) !== hash);
    if (missing.length === 0) {
      return true;
    }
    const cards = new Map((contacts ?? (await this.#read(missing, codes))).map(({ uid, card }) => [uid, card]));
    const stored = [];
    for (const [uid, contentHash] of missing) {
      const card = cards.get(uid);
      if (card === undefined || (await codes.contentHash(card)) !== contentHash) {
        return false;
      }
      stored.push({ uid, contentHash, card });
    }
    await this.#store.write({ conflicts: stored });
    missing.forEach(([uid, hash]) => this.#kept.set(uid, hash));
    return true;
  }

  /** Notes that the service has applied a difference with these conflicts. */
  markApplied(conflicts) {
    [...conflicts.keys()].forEach((uid) => this.#overwritten.add(uid));
  }

  /** Uids to tell a person of: those that were overwritten, and those of the last comparison. */
  all(conflicts) {
    return [...new Set([...this.#overwritten, ...conflicts.keys()])];
  }

  async #read(missing, codes) {
    if (missing.length > ONE_BY_ONE) {
      return (await this.#book.contents(codes, { signal: this.#signal }))?.contacts ?? [];
    }
    const cards = [];
    for (const [uid] of missing) {
      const contact = await this.#book.contact(uid, this.#signal);
      cards.push(...(contact === undefined ? [] : [contact]));
    }
    return cards;
  }
}
