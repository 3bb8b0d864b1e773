/**
 * The service's book as this client knows it: hashes without cards.
 *
 * @module
 */

import { BookDigest, digestOf } from './check-code.js';

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
    const listed = listedOf(contacts).map(([uid, contentHash]) => ({ uid, contentHash }));
    const entries = await codes.entries(listed, options);
    return new KnownBook(codes, contacts, digestOf(entries.map((entry) => ({ entry }))));
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
    const patch = changes.map(({ uid, contentHash }) => {
      const sent = this.contacts.get(uid)?.sent;
      return [uid, contentHash === undefined && sent === undefined ? undefined : { onServer: contentHash, sent }];
    });
    return this.with(new Map(patch));
  }

  /**
   * This book after changes of this client were applied, or were found to be there.
   *
   * @param {Map<string, string | undefined>} outcome content hashes by uid; `undefined`: deleted
   */
  async withOurs(outcome) {
    const patch = [...outcome].map(([uid, hash]) => [uid, hash === undefined ? undefined : { onServer: hash, sent: hash }]);
    return this.with(new Map(patch));
  }

  /** @param {Map<string, Known | undefined>} patch contacts to add, replace, or remove */
  async with(patch) {
    const contacts = new Map(this.contacts);
    const gone = [];
    const come = [];
    for (const [uid, after] of patch) {
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
    }
    let digest = this.digest;
    for (const entry of await this.codes.entries(gone)) {
      digest = digest.minus(entry);
    }
    for (const entry of await this.codes.entries(come)) {
      digest = digest.plus(entry);
    }
    return new KnownBook(this.codes, contacts, digest);
  }

  /** The content hashes of the service by uid. */
  hashes() {
    return new Map(listedOf(this.contacts));
  }

  /** What differs from an earlier book: contacts by uid, `undefined` for those that are gone. */
  since(earlier) {
    const changed = new Map();
    for (const [uid, known] of this.contacts) {
      const before = earlier.contacts.get(uid);
      if (before?.onServer !== known.onServer || before?.sent !== known.sent) {
        changed.set(uid, known);
      }
    }
    for (const uid of earlier.contacts.keys()) {
      if (!this.contacts.has(uid)) {
        changed.set(uid, undefined);
      }
    }
    return changed;
  }
}

/** What the service has: pairs of uid and content hash. */
function listedOf(contacts) {
  return [...contacts].filter(([, { onServer }]) => onServer !== undefined).map(([uid, { onServer }]) => [uid, onServer]);
}
