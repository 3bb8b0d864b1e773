/**
 * The service's book as this client knows it: hashes without cards.
 *
 * @module
 */

import { BookDigest, digestOf } from './check-code.js';
import { forEachInSlices } from './turns.js';

/**
 * One contact of the service.
 *
 * @typedef {object} Known
 * @property {string} [onServer] content hash of what the service has; missing: another device has deleted it there
 * @property {string} [sent] content hash of what this client's address book had when they last agreed; missing: it never had this contact
 */

/** Whether another device has changed a contact, which the service has, since this client sent it. */
export function isChangedByOthers({ onServer, sent }) {
  return onServer !== undefined && sent !== undefined && sent !== onServer;
}

/** Whether another device has deleted a contact that this client's address book had. */
export function isDeletedByOthers(known) {
  return known !== undefined && known.onServer === undefined;
}

/** A book that is known, with its digest. Immutable: a change makes another one, at the cost of the change and a copy of the map. */
export class KnownBook {
  /** @param {Map<string, Known>} contacts by uid; given away */
  constructor(codes, contacts, digest) {
    this.codes = codes;
    this.contacts = contacts;
    this.digest = digest;
  }

  /** The empty book. */
  static empty(codes) {
    return new KnownBook(codes, new Map(), BookDigest.EMPTY);
  }

  /** The book with these contacts; computes an entry for each. */
  static async of(codes, contacts, options) {
    const entries = await codes.entries(await listedOf(contacts), options);
    return new KnownBook(codes, contacts, digestOf(entries.map((entry) => ({ entry }))));
  }

  /** How many contacts the service has. */
  get size() {
    return this.digest.count;
  }

  /** @returns {Promise<string>} its check code */
  async checkCode() {
    return this.codes.checkCode(this.digest);
  }

  /**
   * This book after others changed it; what this client had sent stays remembered.
   *
   * @param {Array<{ uid: string, contentHash?: string }>} changes without `contentHash`: deleted
   */
  async withTheirs(changes) {
    const patch = new Map();
    await forEachInSlices(changes, ({ uid, contentHash }) => {
      const sent = this.contacts.get(uid)?.sent;
      patch.set(uid, contentHash === undefined && sent === undefined ? undefined : { onServer: contentHash, sent });
    });
    return this.with(patch);
  }

  /**
   * This book after changes of this client were applied, or were found to be there.
   *
   * @param {Map<string, string | undefined>} outcome content hashes by uid; `undefined`: deleted
   */
  async withOurs(outcome) {
    const patch = new Map();
    await forEachInSlices(outcome, ([uid, hash]) => patch.set(uid, hash === undefined ? undefined : { onServer: hash, sent: hash }));
    return this.with(patch);
  }

  /** @param {Map<string, Known | undefined>} patch contacts to add, replace, or remove */
  async with(patch) {
    const contacts = new Map(this.contacts);
    const gone = [];
    const come = [];
    await forEachInSlices(patch, ([uid, after]) => {
      const before = contacts.get(uid);
      if (before?.onServer !== after?.onServer) {
        gone.push(...(before?.onServer === undefined ? [] : [{ uid, contentHash: before.onServer }]));
        come.push(...(after?.onServer === undefined ? [] : [{ uid, contentHash: after.onServer }]));
      }
      if (after === undefined) {
        contacts.delete(uid);
      } else {
        contacts.set(uid, after);
      }
    });
    let digest = this.digest;
    await forEachInSlices(await this.codes.entries(gone), (entry) => (digest = digest.minus(entry)));
    await forEachInSlices(await this.codes.entries(come), (entry) => (digest = digest.plus(entry)));
    return new KnownBook(this.codes, contacts, digest);
  }

  /** The content hashes of the service by uid. @returns {Promise<Map<string, string>>} */
  async hashes() {
    const hashes = new Map();
    await forEachInSlices(this.contacts, ([uid, { onServer }]) => onServer !== undefined && hashes.set(uid, onServer));
    return hashes;
  }

  /**
   * What differs from an earlier book.
   *
   * @returns {Promise<Map<string, Known | undefined>>} contacts by uid, `undefined` for those that are gone
   */
  async since(earlier) {
    const changed = new Map();
    await forEachInSlices(this.contacts, ([uid, known]) => {
      const before = earlier.contacts.get(uid);
      if (before?.onServer !== known.onServer || before?.sent !== known.sent) {
        changed.set(uid, known);
      }
    });
    await forEachInSlices(earlier.contacts.keys(), (uid) => this.contacts.has(uid) || changed.set(uid, undefined));
    return changed;
  }
}

/** What the service has. */
async function listedOf(contacts) {
  const listed = [];
  await forEachInSlices(contacts, ([uid, { onServer }]) => onServer !== undefined && listed.push({ uid, contentHash: onServer }));
  return listed;
}
