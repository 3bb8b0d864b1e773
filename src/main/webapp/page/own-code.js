/**
 * The check code of the page's own book, computed here from its cards: what the service has to say, too, when both are equal.
 *
 * @module
 */

import { BookDigest } from '../js/contact-sync/index.js';
import { forEachInSlices } from '../js/contact-sync/turns.js';

/** Follows an address book; a change costs as much as what has changed. */
export class OwnCode {
  #codes;
  #entries = new Map();
  #digest = BookDigest.EMPTY;
  #turn = Promise.resolve();

  /** @param {CheckCodes} codes of the book */
  constructor(codes) {
    this.#codes = codes;
  }

  get count() {
    return this.#digest.count;
  }

  /**
   * Takes changes over.
   *
   * @param {Array<[string, object | undefined]>} entries cards by uid; `undefined`: deleted
   * @returns {Promise<string>} the check code after them
   */
  async follow(entries) {
    const work = this.#turn.then(() => this.#follow(entries));
    this.#turn = work.catch(() => {});
    return work;
  }

  async #follow(entries) {
    const latest = new Map(entries);
    const put = [];
    await forEachInSlices(latest, ([uid, card]) => card !== undefined && put.push({ uid, card }));
    const hashed = new Map((await this.#codes.hashes(put)).map(({ uid, entry }) => [uid, entry]));
    let digest = this.#digest;
    await forEachInSlices(latest.keys(), (uid) => {
      const [before, after] = [this.#entries.get(uid), hashed.get(uid)];
      digest = before === undefined ? digest : digest.minus(before);
      digest = after === undefined ? digest : digest.plus(after);
      if (after === undefined) {
        this.#entries.delete(uid);
      } else {
        this.#entries.set(uid, after);
      }
    });
    this.#digest = digest;
    return this.#codes.checkCode(digest);
  }
}
