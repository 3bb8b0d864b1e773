/**
 * The digest tree of a book (protocol 2.4): it finds what differs between two books without sending them.
 *
 * @module
 */

import { BookDigest } from './check-code.js';

/** Digits of a position, and so the depth of the tree. */
const DIGITS = 4;

/** The tree of a book's contacts. It holds its lowest level, and only the nodes there that have contacts. */
export class DigestTree {
  #leaves = new Map();

  /**
   * Adds one contact.
   *
   * @param {string} position 4 lower-case hexadecimal digits
   * @param {bigint} entry of the contact
   */
  add(position, entry) {
    requirePrefix(position, DIGITS);
    this.#leaves.set(position, (this.#leaves.get(position) ?? BookDigest.EMPTY).plus(entry));
  }

  /** Takes one of its contacts away. */
  remove(position, entry) {
    const digest = (this.#leaves.get(position) ?? BookDigest.EMPTY).minus(entry);
    if (digest.count === 0) {
      this.#leaves.delete(position);
    } else {
      this.#leaves.set(position, digest);
    }
  }

  /**
   * The nodes `depth` levels below `prefix`, in ascending order, empty ones included.
   *
   * @param {string} [prefix] 0 to 4 lower-case hexadecimal digits
   * @param {number} [depth] prefix and depth together reach at most 4
   * @returns {Map<string, BookDigest>} 16^depth digests by their whole prefix
   */
  nodes(prefix = '', depth = 2) {
    requirePrefix(prefix);
    if (!Number.isInteger(depth) || depth < 0 || prefix.length + depth > DIGITS) {
      throw new RangeError(`prefix and depth: together at most ${DIGITS} digits`);
    }
    const nodes = new Map();
    for (let i = 0; i < 16 ** depth; i++) {
      nodes.set(prefix + (depth === 0 ? '' : i.toString(16).padStart(depth, '0')), BookDigest.EMPTY);
    }
    for (const [position, digest] of this.#leaves) {
      const name = position.slice(0, prefix.length + depth);
      if (position.startsWith(prefix)) {
        nodes.set(name, nodes.get(name).with(digest));
      }
    }
    return nodes;
  }
}

/**
 * Prefixes whose nodes differ, in ascending order.
 *
 * @param {CheckCodes} codes of the book
 * @param {Map<string, BookDigest>} own from {@link DigestTree.nodes}
 * @param {Map<string, string>} theirs nodes as hexadecimal digits by prefix, as the service sends them
 */
export async function differingPrefixes(codes, own, theirs) {
  const pairs = [...own];
  const nodes = await codes.nodes(pairs);
  return pairs.map(([prefix]) => prefix).filter((prefix, i) => nodes[i] !== theirs.get(prefix));
}

function requirePrefix(prefix, length) {
  if (!/^[0-9a-f]{0,4}$/.test(prefix) || (length !== undefined && prefix.length !== length)) {
    throw new TypeError('prefix: 0 to 4 lower-case hexadecimal digits');
  }
}
