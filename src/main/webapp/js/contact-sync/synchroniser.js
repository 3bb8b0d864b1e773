/**
 * Keeps an address book and the service's book the same (protocol §1): has anything changed? – compare – send the difference – compare the
 * second check code – if it differs, a second incremental sync and, as a last resort, a full upload. The steps are those of the Java client.
 *
 * @module
 */

import { Arrivals } from './arrivals.js';
import { ConflictKeeper } from './conflict-keeper.js';
import { Delivery } from './delivery.js';
import { withLock } from './locks.js';
import { Memory, agreed } from './memory.js';
import { PhoneBook } from './phone-book.js';
import { Push, whereWeStand } from './push.js';
import { Survey } from './survey.js';
import { WholeCards } from './whole-cards.js';

/** A book that others change meanwhile is looked at so often; what comes later is told by the next event. */
const ROUNDS = 3;

/** Brings an address book to the service, and the changes of others back. */
export class Synchroniser {
  #book;
  #store;
  #account;
  #newKey;
  #onProgress;

  /**
   * @param {object} options
   * @param {Book} options.book
   * @param {MemoryStore | IndexedDbStore} options.store of this account, and of no other
   * @param {string} options.account name of server and user: work on one account is done one piece after the other, in all tabs
   * @param {() => string} [options.newKey] makes idempotency keys
   * @param {(event: object) => void} [options.onProgress] told `{ kind: 'comparing' | 'sending' | 'planned' | 'acknowledged' | 'waiting' | 'received', … }`
   */
  constructor({ book, store, account, newKey, onProgress }) {
    this.#book = book;
    this.#store = store;
    this.#account = account;
    this.#newKey = newKey;
    this.#onProgress = onProgress;
  }

  /**
   * Makes the service's book what the address book says; `comparison.js` says what happens to each contact.
   *
   * @param {Iterable<{ uid: string, card: object }>} contacts the whole address book
   * @param {object} [options]
   * @param {boolean} [options.replace] make the book exactly this one, whatever other devices added
   * @param {boolean} [options.confirmDeletes] a person has agreed that most of the book is deleted
   * @param {boolean} [options.dryRun] find out what would be done, and change nothing
   * @param {'keep' | 'server' | 'stop'} [options.onConflict] of a contact that was changed here and elsewhere: send this side's, and keep the
   *   other card in the store (default); leave the service's; or send nothing
   * @param {boolean} [options.beginAnew] a person has agreed that a book that was erased is filled again
   * @param {'user' | 'background'} [options.priority]
   * @param {Iterable<string>} [options.notVisible] uids that exist and could not be read: they are not deleted
   * @param {AbortSignal} [options.signal]
   * @returns {Promise<{ kind: 'agreed' | 'planned' | 'needs-confirmation' | 'conflicting' | 'refused' | 'disagreed' }>}
   * @throws {ServerUnreachable} the next push goes on where this one stopped
   * @throws {ServerProblem} if the service does not talk to this client at all
   */
  async push(contacts, options = {}) {
    const { replace = false, beginAnew = false, onConflict = 'keep', signal } = options;
    if (replace && onConflict === 'server') {
      throw new TypeError("replace: makes the service's book this one, so it cannot keep the service's");
    }
    return this.#alone(async () => {
      const whole = await new WholeCards({ read: () => contacts }, this.#store, signal).read();
      const phone = await PhoneBook.read(whole, options.notVisible, signal);
      const parts = this.#parts(signal, replace || beginAnew);
      return new Push(parts, phone, { ...options, replace, onConflict }).run(await whereWeStand(parts, phone));
    }, signal);
  }

  /**
   * Both ways: takes over what other devices have changed, and sends what was changed here; `arrivals.js` and `comparison.js` say what
   * happens to each contact. A contact that was changed on both sides is left alone, and is in `conflicts` of the result until
   * {@link Synchroniser.resolve} is called or both sides are equal.
   *
   * @param {object} addressBook
   * @param {() => Iterable | Promise<Iterable>} addressBook.read the whole address book
   * @param {(changes: Array<object>) => void | Iterable<string | object> | Promise} addressBook.apply makes `{ op: 'put', uid, card }` and
   *   `{ op: 'delete', uid }` part of the address book, all or none. Contacts that have changed since they were read are not overwritten:
   *   it returns their uids. Of a card that it cannot show as it was given it returns `{ uid, card }`, with the card that it shows now
   * @param {boolean} [addressBook.keepsCards] it keeps each card exactly as it was given; then nothing is remembered of what it shows
   * @param {object} [options] as those of {@link Synchroniser.push}, without `replace` and `dryRun`
   * @param {'ask' | 'keep' | 'server'} [options.onConflict] `keep`: send this side's card, and keep the other one in the store; `server`: take
   *   the service's card, and keep this side's in the store
   * @returns {Promise<object>} result of the push, with `received`: `{ put, deleted }`
   */
  async sync(addressBook, options = {}) {
    const { beginAnew = false, onConflict = 'ask', signal } = options;
    return this.#alone(async () => {
      const whole = new WholeCards(addressBook, this.#store, signal);
      const received = { put: 0, deleted: 0 };
      let result;
      for (let round = 1; round <= ROUNDS; round++) {
        const parts = this.#parts(signal, beginAnew, true);
        let phone = await PhoneBook.read(await whole.read(), options.notVisible, signal);
        const arrivals = new Arrivals({ ...parts, store: this.#store }, phone, { ...options, onConflict });
        const pulled = await arrivals.takeOver(await whereWeStand(parts, phone), whole);
        if (pulled.stop !== undefined) {
          return { ...pulled.stop, received };
        }
        await whole.tidy(pulled.state.known.contacts);
        received.put += pulled.put;
        received.deleted += pulled.deleted;
        if (pulled.put + pulled.deleted > 0) {
          this.#onProgress?.({ kind: 'received', put: pulled.put, deleted: pulled.deleted });
          phone = await PhoneBook.read(await whole.read(), options.notVisible, signal);
        }
        const said = { ...options, onConflict: onConflict === 'keep' ? 'keep' : 'server', isTwoWay: true };
        result = { ...(await new Push(parts, phone, said).run(pulled.state)), received };
        if (result.kind !== 'agreed' || result.theirs.length + result.unknown === 0) {
          return result;
        }
      }
      return result;
    }, signal);
  }

  /**
   * Decides a conflict for the address book's card, which the next {@link Synchroniser.sync} sends: a person has seen the other one. To
   * decide for the service's card, or for a third one, write that into the address book first.
   *
   * @param {string} uid
   * @param {string} contentHash of the service's card that the person has seen
   * @returns {Promise<boolean>} whether the service still had that card at the last look
   */
  async resolve(uid, contentHash) {
    return this.#alone(async () => {
      const memory = new Memory(this.#store);
      const state = await memory.load();
      if (state?.known.contacts.get(uid)?.onServer !== contentHash) {
        return false;
      }
      const known = await state.known.withOurs(new Map([[uid, contentHash]]));
      await memory.save({ ...agreed(state, state.checkCode, state.seq, known), pending: state.pending });
      return true;
    });
  }

  #alone(work, signal) {
    return withLock(`push:${this.#account}`, work, { signal });
  }

  /**
   * @param {boolean} mayFill whether a book that began anew gets everything again (protocol 4.23.4)
   * @param {boolean} [isTwoWay] whether the address book gets what others changed
   */
  #parts(signal, mayFill, isTwoWay = false) {
    const memory = new Memory(this.#store);
    const told = { newKey: this.#newKey, onProgress: this.#onProgress, signal };
    return {
      book: this.#book,
      memory,
      survey: new Survey(this.#book, { ...told, mayFill, isTwoWay }),
      delivery: new Delivery(this.#book, memory, told),
      keeper: new ConflictKeeper(this.#book, this.#store, signal),
      onProgress: this.#onProgress,
      signal,
    };
  }
}
