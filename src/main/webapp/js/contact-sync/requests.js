/**
 * Changes, and bodies of requests (protocol 4.3, 4.8 to 4.10). A card goes out as its canonical text: what is sent is what was hashed,
 * and the same changes make the same bytes.
 *
 * @module
 */

import { sha256, toBase64 } from './bytes.js';
import { canonicalText, requireUid } from './card.js';

/** Below this, compressing costs more than it saves. */
const GZIP_FROM_BYTES = 1_024;

/**
 * A change that adds or replaces a contact.
 *
 * @param {string} uid
 * @param {object} card
 * @param {string | null} [ifContentHash] the content that the contact must have; `null`: it must not exist
 * @throws {InvalidContact}
 */
export function put(uid, card, ifContentHash) {
  return putText(requireUid(uid), canonicalText(card), ifContentHash);
}

/** As {@link put}, with the canonical text of a card that was checked before. */
export function putText(uid, cardText, ifContentHash) {
  return Object.freeze({ op: 'put', uid, cardText, ifContentHash });
}

/** A change that removes a contact; as {@link put}. */
export function remove(uid, ifContentHash) {
  return Object.freeze({ op: 'delete', uid: requireUid(uid), ifContentHash });
}

/** A change as JSON text. */
export function changeText(change) {
  const card = change.op === 'put' ? `,"card":${change.cardText}` : '';
  const condition = change.ifContentHash === undefined ? '' : `,"ifContentHash":${JSON.stringify(change.ifContentHash)}`;
  return `{"op":"${change.op}","uid":${JSON.stringify(change.uid)}${card}${condition}}`;
}

/** A contact of an upload that makes the whole book, as JSON text. */
export function contactText(change) {
  return `{"uid":${JSON.stringify(change.uid)},"card":${change.cardText}}`;
}

/** The body of a PATCH. */
export function patchText({ changes, checkAfter, onMismatch, confirmDeletes }) {
  const rest = JSON.stringify({ checkAfter, onMismatch, confirmDeletes: confirmDeletes || undefined }).slice(1, -1);
  return `{"changes":[${changes.map(changeText).join(',')}]${rest === '' ? '' : `,${rest}`}}`;
}

/**
 * Body and headers of a request with JSON: compressed where that saves something and the platform can.
 *
 * @param {string} text
 * @param {boolean} [withDigest] chunks carry `Content-Digest` of the bytes that are sent
 */
export async function jsonRequest(text, withDigest = false) {
  const plain = new TextEncoder().encode(text);
  const isCompressed = plain.length >= GZIP_FROM_BYTES && typeof CompressionStream === 'function';
  const body = isCompressed ? await gzip(plain) : plain;
  const headers = { 'Content-Type': 'application/json' };
  if (isCompressed) {
    headers['Content-Encoding'] = 'gzip';
  }
  if (withDigest) {
    headers['Content-Digest'] = `sha-256=:${toBase64(await sha256(body))}:`;
  }
  return { body, headers };
}

async function gzip(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
