/**
 * Hashes, digest and check code of a book (protocol 2.3 and 2.5), computed by WebCrypto outside of the page's thread.
 *
 * @module
 */

import { fromBase64Url, fromHex, toBase64Url, toHex, utf8, webCrypto } from './bytes.js';
import { canonicalBytes, requireUid } from './card.js';
import { Slices } from './turns.js';

const CONTENT = 1;
const ENTRY = 2;
const POSITION = 3;
const NODE = 4;

/** Bytes of a node other than the root (protocol 2.4.2). */
const NODE_BYTES = 16;

/** HMACs that are under way at the same time: enough to keep WebCrypto busy. */
const BATCH = 128;

/** What a set of contacts comes to: how many they are, and the sum of their entries modulo 2^256. Immutable. */
export class BookDigest {
  static EMPTY = new BookDigest(0, 0n);

  /** @throws {RangeError} unless `count` is an integer of at least 0 and `sum` one of 256 bits */
  constructor(count, sum) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError('count: an integer of at least 0');
    }
    if (typeof sum !== 'bigint' || sum !== BigInt.asUintN(256, sum)) {
      throw new RangeError('sum: an integer of 256 bits');
    }
    this.count = count;
    this.sum = sum;
    Object.freeze(this);
  }

  /** With one more contact. */
  plus(entry) {
    return new BookDigest(this.count + 1, BigInt.asUintN(256, this.sum + entry));
  }

  /** Without one of its contacts. */
  minus(entry) {
    return new BookDigest(this.count - 1, BigInt.asUintN(256, this.sum - entry));
  }

  /** With all contacts of another digest, none of which is in this one. */
  with(other) {
    return new BookDigest(this.count + other.count, BigInt.asUintN(256, this.sum + other.sum));
  }

  /** The sum as 64 lower-case hexadecimal digits. */
  sumHex() {
    return this.sum.toString(16).padStart(64, '0');
  }
}

/** Computes the hashes of one book with its check key. Any number of computations may run at the same time. */
export class CheckCodes {
  #key;

  /** Use {@link CheckCodes.of}. */
  constructor(key) {
    this.#key = key;
  }

  /**
   * @param {string | Uint8Array} checkKey as the service sends it, base64url without padding, or its 32 bytes
   * @throws {TypeError} if it is not such a key
   */
  static async of(checkKey) {
    const bytes = typeof checkKey === 'string' ? fromBase64Url(checkKey) : checkKey;
    if (!(bytes instanceof Uint8Array) || bytes.length !== 32) {
      throw new TypeError('checkKey: 32 bytes');
    }
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    return new CheckCodes(await webCrypto().importKey('raw', bytes, algorithm, false, ['sign']));
  }

  /**
   * The content hash of a card: 64 lower-case hexadecimal digits.
   *
   * @throws {InvalidContact} if the card breaks the profile
   */
  async contentHash(card) {
    return this.contentHashOf(canonicalBytes(card));
  }

  /** The content hash of canonical bytes. */
  async contentHashOf(bytes) {
    return toHex(await this.#hmac(CONTENT, bytes));
  }

  /** What a contact adds to the sum of its book. */
  async entry(uid, contentHash) {
    const name = utf8(requireUid(uid));
    const hash = fromHex(contentHash);
    if (hash.length !== 32) {
      throw new TypeError('contentHash: 64 lower-case hexadecimal digits');
    }
    const message = new Uint8Array(1 + name.length + hash.length);
    message[0] = name.length;
    message.set(name, 1);
    message.set(hash, 1 + name.length);
    return BigInt(`0x${toHex(await this.#hmac(ENTRY, message))}`);
  }

  /** The place of a contact in the digest tree: 4 lower-case hexadecimal digits. */
  async position(uid) {
    return toHex((await this.#hmac(POSITION, utf8(requireUid(uid)))).subarray(0, 2));
  }

  /** A node of the digest tree as hexadecimal digits: 32 of them, 64 for the root, whose prefix is empty. */
  async node(prefix, digest) {
    const bytes = await this.#node(prefix, digest);
    return toHex(prefix === '' ? bytes : bytes.subarray(0, NODE_BYTES));
  }

  /** The check code of a book. */
  async checkCode(digest) {
    return `ck1.${toBase64Url(await this.#node('', digest))}`;
  }

  /**
   * Content hash and entry of each contact, in the order of `contacts`. Takes about 0.3 s for 10,000; the thread is given back
   * every few milliseconds.
   *
   * @param {Iterable<{ uid: string, card: object } | { uid: string, cardText: string }>} contacts `cardText`: canonical text of the card
   * @param {{ signal?: AbortSignal, onProgress?: (contacts: number) => void }} [options]
   * @returns {Promise<Array<{ uid: string, contentHash: string, entry: bigint }>>}
   * @throws {InvalidContact} for the first card that breaks the profile; the reason of `signal` when it is aborted
   */
  async hashes(contacts, options = {}) {
    return this.#each(contacts, options, async ({ uid, card, cardText }) => {
      const contentHash = await (cardText === undefined ? this.contentHash(card) : this.contentHashOf(utf8(cardText)));
      return { uid, contentHash, entry: await this.entry(uid, contentHash) };
    });
  }

  /** Entries of contacts whose content hashes are known, in the order of `contacts`; as {@link CheckCodes.hashes}. */
  async entries(contacts, options = {}) {
    return this.#each(contacts, options, ({ uid, contentHash }) => this.entry(uid, contentHash));
  }

  /** Positions of uids, in their order; as {@link CheckCodes.hashes}. */
  async positions(uids, options = {}) {
    return this.#each(uids, options, (uid) => this.position(uid));
  }

  /** Nodes for pairs of prefix and digest, in their order; as {@link CheckCodes.hashes}. */
  async nodes(pairs, options = {}) {
    return this.#each(pairs, options, ([prefix, digest]) => this.node(prefix, digest));
  }

  async #node(prefix, digest) {
    if (!/^[0-9a-f]{0,4}$/.test(prefix)) {
      throw new TypeError('prefix: 0 to 4 lower-case hexadecimal digits');
    }
    const message = new Uint8Array(1 + prefix.length + 8 + 32);
    message[0] = prefix.length;
    message.set(utf8(prefix), 1);
    new DataView(message.buffer).setBigUint64(1 + prefix.length, BigInt(digest.count));
    message.set(fromHex(digest.sumHex()), 1 + prefix.length + 8);
    return this.#hmac(NODE, message);
  }

  async #hmac(tag, message) {
    const tagged = new Uint8Array(1 + message.length);
    tagged[0] = tag;
    tagged.set(message, 1);
    return new Uint8Array(await webCrypto().sign('HMAC', this.#key, tagged));
  }

  /** Starts computations until a batch is full or the slice of time is used up, waits for them, and goes on in another turn. */
  async #each(values, options, compute) {
    const results = [];
    let running = [];
    const slices = new Slices();
    for (const value of values) {
      running.push(compute(value));
      if (running.length === BATCH || slices.isOver) {
        await this.#finish(running, results, options);
        running = [];
        await slices.next();
      }
    }
    await this.#finish(running, results, options);
    return results;
  }

  async #finish(running, results, options) {
    for (const result of await Promise.all(running)) {
      results.push(result);
    }
    options.onProgress?.(results.length);
    options.signal?.throwIfAborted();
  }
}

/** Whether a text has the form of a check code (protocol 2.5.1). */
export function isCheckCode(text) {
  return typeof text === 'string' && /^ck1\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text);
}

/**
 * The digest of all contacts.
 *
 * @param {Iterable<{ entry: bigint }>} hashed
 */
export function digestOf(hashed) {
  let count = 0;
  let sum = 0n;
  for (const { entry } of hashed) {
    count++;
    sum += entry;
  }
  return new BookDigest(count, BigInt.asUintN(256, sum));
}

/**
 * The check code of a whole book, in one call.
 *
 * @param {string | Uint8Array} checkKey of the book
 * @param {Iterable<{ uid: string, card: object }>} contacts each uid once
 * @throws {InvalidContact} for the first card that breaks the profile
 * @throws {TypeError} if a uid occurs twice
 */
export async function checkCodeOf(checkKey, contacts, options = {}) {
  const codes = await CheckCodes.of(checkKey);
  const hashed = await codes.hashes(contacts, options);
  if (new Set(hashed.map((each) => each.uid)).size < hashed.length) {
    throw new TypeError('contacts: a uid occurs twice');
  }
  return codes.checkCode(digestOf(hashed));
}
