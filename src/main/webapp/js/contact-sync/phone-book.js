/**
 * The address book as it was read, checked and hashed.
 *
 * @module
 */

import { InvalidContact, canonicalText, requireUid } from './card.js';
import { forEachInSlices, mapInSlices } from './turns.js';

/** An address book at one moment. */
export class PhoneBook {
  #hashed = new Map();

  /**
   * Reads contacts. One that breaks the profile is left out: on the service it stays as it is.
   *
   * @param {Iterable<{ uid: string, card: object }>} contacts
   * @param {Iterable<string>} notVisible uids that exist and could not be read
   * @throws {TypeError} if a uid occurs twice
   */
  static async read(contacts, notVisible = [], signal) {
    const book = new PhoneBook();
    book.texts = new Map();
    book.leftOut = new Set(notVisible);
    /** `{ uid, flaws }` of each contact that cannot be sent. */
    book.invalid = [];
    await forEachInSlices(contacts, (contact) => book.#add(contact), signal);
    return book;
  }

  #add({ uid, card }) {
    if (this.texts.has(uid)) {
      throw new TypeError('contacts: a uid occurs twice');
    }
    try {
      this.texts.set(requireUid(uid), canonicalText(card));
    } catch (error) {
      if (!(error instanceof InvalidContact)) {
        throw error;
      }
      this.leftOut.add(uid);
      this.invalid.push({ uid, flaws: error.flaws });
    }
  }

  /** Canonical text and content hash of each contact by uid, with the key of `codes`; computed once for each key. */
  async hashed(checkKey, codes, signal) {
    if (!this.#hashed.has(checkKey)) {
      const listed = await mapInSlices(this.texts, ([uid, cardText]) => ({ uid, cardText }), signal);
      const hashes = await codes.hashes(listed, { signal });
      const contacts = new Map();
      await forEachInSlices(hashes.entries(), ([i, { uid, contentHash }]) => contacts.set(uid, { cardText: listed[i].cardText, contentHash }), signal);
      this.#hashed.set(checkKey, contacts);
    }
    return { contacts: this.#hashed.get(checkKey), leftOut: this.leftOut };
  }
}
