/**
 * Decides, contact by contact, what a push does. Three books are compared: the address book, the service's, and the address book at the
 * last agreement (`sent`). Pure computation.
 *
 *     address book       service                      then
 *     has it             does not have it             add
 *     has it             the same                     nothing
 *     as last time       changed by another device    nothing, and say so: theirs is newer
 *     changed            as this client sent it       change it to what the address book has
 *     changed            changed by another device    a conflict: `onConflict` decides
 *     has it             another, and never agreed    a conflict: nobody knows whose is newer
 *     no longer has it   as this client sent it       delete
 *     no longer has it   changed by another device    nothing, and say so
 *     never had it       has it                       nothing, and count it
 *
 * The Java client decides by the same table (`client.compare.Comparison`). A client that also takes over what others do (`arrivals.js`)
 * differs in one row:
 *
 *     as last time       deleted by another device    nothing: it is deleted here
 *
 * @module
 */

import { putText, remove } from './requests.js';
import { isChangedByOthers, isDeletedByOthers } from './known-book.js';
import { forEachInSlices, sortInSlices } from './turns.js';

/**
 * The address book, read and hashed.
 *
 * @typedef {object} PhoneBook
 * @property {Map<string, { cardText: string, contentHash: string }>} contacts by uid, with canonical texts
 * @property {Set<string>} leftOut uids that cannot be sent; on the service they stay as they are
 */

/**
 * @typedef {object} Difference
 * @property {Array<object>} changes each with the hash that the contact must have before
 * @property {Map<string, string | undefined>} outcome what each changed contact becomes
 * @property {KnownBook} before the service's book, with the contacts that were found equal marked as sent
 * @property {{ added: number, changed: number, deleted: number, unchanged: number, unknown: number }} counts `unknown`: on the service, and
 *   never in this address book
 * @property {string[]} theirs uids that another device changed and that stay as it made them
 * @property {Map<string, string>} conflicts changed here and elsewhere, with the hash that the service has
 */

/**
 * Respects what others did on the service.
 *
 * @param {PhoneBook} phone
 * @param {KnownBook} server
 * @param {'keep' | 'server' | 'stop'} onConflict `server`: a conflict is left as the service has it
 * @param {{ isTwoWay?: boolean, signal?: AbortSignal }} [options] `isTwoWay`: what others deleted is not added again
 * @returns {Promise<Difference>}
 */
export async function compareCarefully(phone, server, onConflict, { isTwoWay = false, signal } = {}) {
  const comparison = new Comparison(phone, server, { serverWins: onConflict === 'server', isTwoWay });
  await forEachInSlices(phone.contacts, ([uid, contact]) => comparison.compare(uid, contact), signal);
  await forEachInSlices(server.contacts, ([uid, known]) => comparison.compareMissing(uid, known), signal);
  return comparison.difference();
}

/** Makes the service's book the address book, whatever others did; what cannot be sent is left alone. */
export async function compareExactly(phone, server, signal) {
  const comparison = new Comparison(phone, server);
  await forEachInSlices(phone.contacts, ([uid, contact]) => comparison.put(uid, contact, server.contacts.get(uid)), signal);
  const there = (await server.hashes()).keys();
  await forEachInSlices(there, (uid) => comparison.has(uid) || comparison.delete(uid, server.contacts.get(uid)), signal);
  return comparison.difference();
}

class Comparison {
  #phone;
  #server;
  #serverWins;
  #isTwoWay;
  #changes = [];
  #outcome = new Map();
  #seenEqual = new Map();
  #theirs = [];
  #conflicts = new Map();
  #counts = { added: 0, changed: 0, deleted: 0, unchanged: 0, unknown: 0 };

  constructor(phone, server, { serverWins = false, isTwoWay = false } = {}) {
    this.#phone = phone;
    this.#server = server;
    this.#serverWins = serverWins;
    this.#isTwoWay = isTwoWay;
  }

  compare(uid, contact) {
    const known = this.#server.contacts.get(uid);
    const isTheirs = known !== undefined && (isChangedByOthers(known) || (this.#isTwoWay && isDeletedByOthers(known)));
    if (isTheirs && known.sent === contact.contentHash) {
      this.#theirs.push(uid);
    } else {
      this.put(uid, contact, known);
    }
  }

  compareMissing(uid, known) {
    if (this.has(uid)) {
      return;
    }
    if (isDeletedByOthers(known)) {
      this.#seenEqual.set(uid, undefined);
    } else if (known.sent === undefined) {
      this.#counts.unknown++;
    } else if (isChangedByOthers(known)) {
      this.#theirs.push(uid);
    } else {
      this.delete(uid, known);
    }
  }

  has(uid) {
    return this.#phone.contacts.has(uid) || this.#phone.leftOut.has(uid);
  }

  put(uid, { cardText, contentHash }, known) {
    const isThere = known?.onServer !== undefined;
    if (known?.onServer === contentHash) {
      this.#counts.unchanged++;
      if (known.sent !== contentHash) {
        this.#seenEqual.set(uid, contentHash);
      }
      return;
    }
    // Overwriting it would lose what somebody else made.
    if (isThere && (known.sent === undefined || isChangedByOthers(known))) {
      this.#conflicts.set(uid, known.onServer);
      if (this.#serverWins) {
        return;
      }
    }
    this.#counts[isThere ? 'changed' : 'added']++;
    this.#changes.push(putText(uid, cardText, known?.onServer ?? null));
    this.#outcome.set(uid, contentHash);
  }

  delete(uid, known) {
    this.#counts.deleted++;
    this.#changes.push(remove(uid, known.onServer));
    this.#outcome.set(uid, undefined);
  }

  async difference() {
    return {
      // In the order of the uids: the same difference makes the same requests.
      changes: await sortInSlices(this.#changes, (a, b) => (a.uid < b.uid ? -1 : 1)),
      outcome: this.#outcome,
      before: await this.#server.withOurs(this.#seenEqual),
      counts: this.#counts,
      theirs: this.#theirs,
      conflicts: this.#conflicts,
    };
  }
}
