/**
 * Bytes as text, both ways. Nothing here knows contacts.
 *
 * @module
 */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const ENCODER = new TextEncoder();

/** The UTF-8 bytes of a text; a lone surrogate would become U+FFFD, so check the text first. */
export function utf8(text) {
  return ENCODER.encode(text);
}

/** Lower-case hexadecimal digits, two for each byte. */
export function toHex(bytes) {
  let hex = '';
  for (let i = 0; i < bytes.length; i++) {
    hex += HEX[bytes[i]];
  }
  return hex;
}

/** @throws {TypeError} unless `hex` is pairs of lower-case hexadecimal digits */
export function fromHex(hex) {
  if (typeof hex !== 'string' || !/^(?:[0-9a-f]{2})*$/.test(hex)) {
    throw new TypeError('hex: pairs of lower-case hexadecimal digits');
  }
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}

/** Base64 (RFC 4648 section 4), with padding. */
export function toBase64(bytes) {
  let binary = '';
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}

/** Base64url (RFC 4648 section 5), without padding. */
export function toBase64Url(bytes) {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * The bytes of base64url without padding.
 *
 * @throws {TypeError} for any other text, also for one whose last character has bits that mean nothing
 */
export function fromBase64Url(text) {
  const fault = 'base64url: characters of RFC 4648 section 5, without padding';
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new TypeError(fault);
  }
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  if (toBase64Url(bytes) !== text) {
    throw new TypeError(fault);
  }
  return bytes;
}

/** The SHA-256 of bytes. */
export async function sha256(bytes) {
  return new Uint8Array(await webCrypto().digest('SHA-256', bytes));
}

/**
 * WebCrypto of this browser, worker or Node.js.
 *
 * @throws {Error} on a page without TLS that is not on localhost: browsers have no WebCrypto there
 */
export function webCrypto() {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    throw new Error('WebCrypto is missing: use https or localhost in a browser, and Node.js 20 or newer');
  }
  return subtle;
}
