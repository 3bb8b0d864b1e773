/**
 * An address book that shows less of a card than it was given, or shows it differently. What it shows of which card is remembered, so that it
 * is read as if it kept whole cards: its form as it was means the card as it was, and a change of its form is carried over to the card
 * (decision 48).
 *
 * @module
 */

import { carry, isSame, shownOf } from './carry.js';
import { mapInSlices } from './turns.js';

/**
 * What is remembered of a contact that the address book does not show as it was given. It is stored before the address book is written to,
 * so that a form which is found after a crash is never taken for the whole card.
 *
 * @typedef {object} Form
 * @property {object} card what the address book was given
 * @property {object} [shown] how it shows that; missing: not known yet
 * @property {boolean} [isWritten] without `shown`: whether the address book has said that it took the card
 * @property {object} [was] without `shown`: how the contact looked before
 * @property {Form} [earlier] without `shown`: what was remembered before
 */

/** The address book of one sync, with whole cards. */
export class WholeCards {
  #addressBook;
  #store;
  #signal;
  #forms;
  /** Forms as they were last read, by uid. */
  #read = new Map();

  /**
   * @param {object} addressBook
   * @param {MemoryStore | IndexedDbStore} store
   */
  constructor(addressBook, store, signal) {
    this.#addressBook = addressBook;
    this.#store = store;
    this.#signal = signal;
  }

  /** The contacts of `addressBook.read()`, with whole cards. */
  async read() {
    const contacts = [...(await this.#addressBook.read())];
    this.#forms ??= (await this.#store.forms?.()) ?? new Map();
    this.#read = new Map(contacts.map(({ uid, card }) => [uid, card]));
    if (this.#forms.size === 0) {
      return contacts;
    }
    const learnt = new Map();
    const whole = await mapInSlices(contacts, (contact) => this.#whole(contact, learnt), this.#signal);
    await this.#remember(learnt);
    return whole;
  }

  #whole({ uid, card, ...rest }, learnt) {
    let form = this.#forms.get(uid);
    if (form !== undefined && form.shown === undefined) {
      form = settled(form, card);
      learnt.set(uid, form);
    }
    if (form === undefined) {
      return { uid, card, ...rest };
    }
    return { uid, card: isSame(form.shown, card) ? form.card : carry(form.shown, card, form.card), ...rest };
  }

  /** As `addressBook.apply`, with whole cards. @returns {Promise<string[]>} uids that were not touched */
  async apply(changes) {
    if (this.#addressBook.keepsCards === true) {
      return [...((await this.#addressBook.apply(changes)) ?? [])];
    }
    if (this.#store.forms === undefined) {
      throw new TypeError('store: it needs forms() for an address book that does not keep cards');
    }
    const puts = changes.filter(({ op }) => op === 'put');
    const before = new Map(puts.map(({ uid }) => [uid, this.#forms.get(uid)]));
    await this.#remember(new Map(puts.map(({ uid, card }) => [uid, { card, was: this.#read.get(uid), earlier: known(before.get(uid)) }])));
    const said = [...((await this.#addressBook.apply(changes)) ?? [])];
    const left = new Set(said.filter((each) => typeof each === 'string'));
    const shown = new Map(said.filter((each) => typeof each === 'object').map(({ uid, card }) => [uid, card]));
    const after = changes.map(({ op, uid, card }) => {
      if (left.has(uid)) {
        return [uid, op === 'put' ? before.get(uid) : this.#forms.get(uid)];
      }
      if (op === 'delete' || (shown.has(uid) && isSame(shown.get(uid), card))) {
        return [uid, undefined];
      }
      return [uid, shown.has(uid) ? { card, shown: shown.get(uid) } : { ...this.#forms.get(uid), isWritten: true }];
    });
    await this.#remember(new Map(after));
    return [...left];
  }

  /** Forgets the forms of contacts that are neither in the address book nor on the service. */
  async tidy(onService) {
    const gone = [...this.#forms.keys()].filter((uid) => !this.#read.has(uid) && !onService.has(uid));
    await this.#remember(new Map(gone.map((uid) => [uid, undefined])));
  }

  async #remember(forms) {
    const changed = new Map([...forms].filter(([uid, form]) => this.#forms.get(uid) !== form));
    if (changed.size === 0) {
      return;
    }
    await this.#store.write({ forms: changed });
    for (const [uid, form] of changed) {
      if (form === undefined) {
        this.#forms.delete(uid);
      } else {
        this.#forms.set(uid, form);
      }
    }
  }
}

/** One that tells what the address book shows. */
function known(form) {
  return form?.shown === undefined ? undefined : form;
}

/** A form of which the address book has not said what it shows, at the next look. @returns {Form | undefined} */
function settled({ card, isWritten, was, earlier }, now) {
  if (isSame(now, card)) {
    return undefined;
  }
  const isAsBefore = was !== undefined && isSame(now, was);
  const shown = shownOf(card, now);
  if (isAsBefore && (isWritten || isSame(shown, now))) {
    return { card, shown: now };
  }
  return isAsBefore ? earlier : { card, shown };
}
