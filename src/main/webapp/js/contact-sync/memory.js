/**
 * What a client remembers of one account: the last agreement (protocol 11.4), and the task that was about to be sent (protocol 7.3).
 *
 * @module
 */

import { CheckCodes } from './check-code.js';
import { KnownBook } from './known-book.js';

const AGREEMENT = 'agreement';
const PENDING = 'pending';

/**
 * A task that was, or was about to be, sent.
 *
 * @typedef {object} Pending
 * @property {string} key idempotency key
 * @property {string} request SHA-256 of the request in hex: the key is used again for the very same request only
 * @property {string} checkAfter the second check code that the task leads to
 * @property {string} [task] its id on the service, once it is known
 * @property {Array<[string, string | null]>} outcome content hash of each contact that it touches; `null`: deleted
 */

/**
 * @typedef {object} State
 * @property {string} checkKey of the book
 * @property {CheckCodes} codes
 * @property {string} checkCode on which client and service last agreed: the code of `known`
 * @property {number} seq of the book at that code
 * @property {KnownBook} known
 * @property {Pending} [pending] a task whose outcome is not known
 */

/** Reads and writes the state of one account. For one piece of work at a time. */
export class Memory {
  #store;
  #saved;

  constructor(store) {
    this.#store = store;
  }

  /** The state, or `undefined` before the first agreement. @returns {Promise<State | undefined>} */
  async load() {
    const agreement = await this.#store.get(AGREEMENT);
    if (agreement === undefined) {
      return undefined;
    }
    const codes = await CheckCodes.of(agreement.checkKey);
    const known = await KnownBook.of(codes, await this.#store.known());
    const state = { ...agreement, codes, known, pending: await this.#store.get(PENDING) };
    // A store that lost a part of itself is as good as an empty one.
    this.#saved = (await known.checkCode()) === agreement.checkCode ? state : undefined;
    return this.#saved;
  }

  /** Resolves when the state is stored; costs as much as has changed since the last time. */
  async save(state) {
    const { checkKey, checkCode, seq, known, pending } = state;
    const isSameBook = this.#saved !== undefined && this.#saved.checkKey === checkKey;
    await this.#store.write({
      values: { [AGREEMENT]: { checkKey, checkCode, seq }, [PENDING]: pending },
      clearKnown: !isSameBook,
      known: isSameBook ? await known.since(this.#saved.known) : known.contacts,
    });
    this.#saved = state;
  }
}

/** Client and service agree on `known`, and nothing is under way. */
export function agreed(state, checkCode, seq, known) {
  return { checkKey: state.checkKey, codes: state.codes, checkCode, seq, known, pending: undefined };
}

/** Outcome of a pending task by uid; `undefined`: deleted. */
export function outcomeOf({ outcome }) {
  return new Map(outcome.map(([uid, hash]) => [uid, hash ?? undefined]));
}
