/**
 * Takes over what other devices have changed. Three books are compared, as for a push: the address book, the service's, and the address
 * book at the last agreement.
 *
 *     address book       service                      then
 *     as last time       changed by another device    their card is put into the address book
 *     as last time       deleted by another device    it is deleted from the address book
 *     never had it       has it                       it is added to the address book
 *     no longer has it   changed by another device    it is added again: an edit is not lost by a deletion
 *     changed            deleted by another device    nothing: the push adds it again
 *     changed            changed by another device    a conflict: `onConflict` decides
 *     has it             another, and never agreed    a conflict
 *
 * @module
 */

import { isChangedByOthers, isDeletedByOthers } from './known-book.js';
import { agreed } from './memory.js';
import { isMassDelete } from './push.js';
import { ServerProblem } from './problem.js';
import { forEachInSlices, mapInSlices } from './turns.js';

/** Up to so many cards are fetched one by one; for more the feed is read, or the whole book. */
const ONE_BY_ONE = 20;

/** Looks at a book that changes while its cards are being fetched. */
const ATTEMPTS = 5;

/** For one sync. */
export class Arrivals {
  #parts;
  #phone;
  #options;

  /**
   * @param {object} parts book, store, memory, survey and signal
   * @param {PhoneBook} phone the address book
   * @param {{ onConflict: 'ask' | 'keep' | 'server', confirmDeletes?: boolean }} options
   */
  constructor(parts, phone, options) {
    this.#parts = parts;
    this.#phone = phone;
    this.#options = options;
  }

  /**
   * Brings the changes of others into the address book, then remembers them as agreed. If it is stopped in between, the next one finds
   * them equal.
   *
   * @param {State} from where client and service stand
   * @param {{ apply: Function }} addressBook
   * @returns {Promise<{ state: State, put: number, deleted: number } | { stop: object }>} `stop`: a person has to decide
   */
  async takeOver(from, addressBook) {
    let state = from;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const wanted = await this.#wanted(state);
      if (wanted.puts.size + wanted.deletes.length === 0) {
        return { state, put: 0, deleted: 0 };
      }
      const size = this.#phone.texts.size;
      if (isMassDelete(wanted.deletes.length, size) && !this.#options.confirmDeletes) {
        return { stop: { kind: 'needs-confirmation', side: 'address-book', deletes: wanted.deletes.length, count: size } };
      }
      const cards = await this.#cards(state, wanted.puts);
      if (cards !== undefined) {
        return this.#apply(state, wanted, cards, addressBook);
      }
      const { contacts } = await this.#hashed(state);
      const hashes = new Map([...contacts].map(([uid, { contentHash }]) => [uid, contentHash]));
      state = await this.#parts.survey.bringUpToDate(state, undefined, hashes);
    }
    throw new ServerProblem({
      status: 0,
      code: 'book-keeps-changing',
      detail: 'The book changed at every look',
      next: 'Try again when the other devices are done.',
    });
  }

  async #hashed({ checkKey, codes }) {
    return this.#phone.hashed(checkKey, codes, this.#parts.signal);
  }

  /** Content hashes of what the address book is to get, uids of what it is to lose, and cards of its own that it loses a conflict with. */
  async #wanted(state) {
    const { contacts, leftOut } = await this.#hashed(state);
    const wanted = { puts: new Map(), deletes: [], lost: [] };
    const decide = ([uid, known]) => {
      const own = contacts.get(uid);
      if (leftOut.has(uid) || own?.contentHash === known.onServer) {
        return;
      }
      if (isDeletedByOthers(known)) {
        if (own?.contentHash === known.sent) {
          wanted.deletes.push(uid);
        }
      } else if (own === undefined) {
        if (known.sent === undefined || isChangedByOthers(known)) {
          wanted.puts.set(uid, known.onServer);
        }
      } else if (own.contentHash === known.sent) {
        wanted.puts.set(uid, known.onServer);
      } else if (this.#options.onConflict === 'server' && (known.sent === undefined || isChangedByOthers(known))) {
        wanted.puts.set(uid, known.onServer);
        wanted.lost.push({ uid, contentHash: own.contentHash, card: JSON.parse(own.cardText) });
      }
    };
    await forEachInSlices(state.known.contacts, decide, this.#parts.signal);
    return wanted;
  }

  /** The cards with these hashes, or `undefined` if the book has changed. */
  async #cards(state, hashes) {
    const found = new Map();
    for (const contacts of await this.#listings(state, hashes)) {
      const listed = [];
      await forEachInSlices(contacts, (each) => hashes.has(each.uid) && each.card !== undefined && !found.has(each.uid) && listed.push(each));
      const computed = await state.codes.hashes(listed, { signal: this.#parts.signal });
      await forEachInSlices(computed.entries(), ([i, { uid, contentHash }]) => contentHash === hashes.get(uid) && found.set(uid, listed[i].card));
    }
    return found.size === hashes.size ? found : undefined;
  }

  async #listings(state, hashes) {
    const { book, signal } = this.#parts;
    if (hashes.size > ONE_BY_ONE) {
      return [(await book.contents(state.codes, { signal }))?.contacts ?? []];
    }
    const contacts = [];
    for (const uid of hashes.keys()) {
      contacts.push(await book.contact(uid, signal));
    }
    return [contacts.filter((contact) => contact !== undefined)];
  }

  async #apply(state, { puts, deletes, lost }, cards, addressBook) {
    if (lost.length > 0) {
      await this.#parts.store.write({ conflicts: lost });
    }
    const changes = await mapInSlices(puts, ([uid, contentHash]) => ({ op: 'put', uid, card: cards.get(uid), contentHash }));
    deletes.forEach((uid) => changes.push({ op: 'delete', uid }));
    const left = new Set((await addressBook.apply(changes)) ?? []);
    const applied = changes.filter(({ uid }) => !left.has(uid));
    const known = await state.known.withOurs(new Map(applied.map(({ uid, contentHash }) => [uid, contentHash])));
    const after = { ...agreed(state, state.checkCode, state.seq, known), pending: state.pending };
    await this.#parts.memory.save(after);
    const put = applied.filter(({ op }) => op === 'put').length;
    return { state: after, put, deleted: applied.length - put };
  }
}
