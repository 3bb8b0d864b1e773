/**
 * Cuts a file of vCards into parts that the service imports (protocol 4.25.1). Bytes are not decoded: each vCard may name its own charset.
 *
 * @module
 */

import { Slices } from '../js/contact-sync/turns.js';

/** Contacts of one part: a task that takes a fraction of a second. */
const MOST_CONTACTS = 500;
const MOST_BYTES = 1 << 20;

/**
 * Parts of a file; a vCard without a UID gets one, because the service numbers equal names within one part only (protocol 4.25.1). The
 * page has its turn every few milliseconds.
 *
 * @param {Uint8Array} bytes
 * @returns {Promise<Array<{ contacts: number, bytes: Uint8Array }>>}
 */
export async function partsOf(bytes) {
  const slices = new Slices();
  const parts = [];
  let lines = [];
  let contacts = 0;
  let size = 0;
  const end = () => {
    if (contacts > 0) {
      parts.push({ contacts, bytes: joined(lines, size) });
    }
    [lines, contacts, size] = [[], 0, 0];
  };
  for (const card of cardsOf(bytes)) {
    if (contacts === MOST_CONTACTS || (contacts > 0 && size + card.size > MOST_BYTES)) {
      end();
    }
    lines.push(...card.lines);
    contacts++;
    size += card.size;
    if (slices.isOver) {
      await slices.next();
    }
  }
  end();
  return parts;
}

function* cardsOf(bytes) {
  let depth = 0;
  let card;
  for (const line of linesOf(bytes)) {
    const word = asciiOf(line.subarray(0, 12)).trim().toUpperCase();
    if (word === 'BEGIN:VCARD' && depth++ === 0) {
      card = { lines: [], size: 0, hasUid: false };
    }
    if (card === undefined) {
      continue;
    }
    card.hasUid ||= depth === 1 && /^(?:[A-Z0-9-]+\.)?UID[:;]/.test(word);
    if (word === 'END:VCARD' && --depth === 0) {
      if (!card.hasUid) {
        add(card, new TextEncoder().encode(`UID:urn:uuid:${crypto.randomUUID()}\r\n`));
      }
      add(card, line);
      yield card;
      card = undefined;
    } else {
      add(card, line);
    }
  }
  if (card !== undefined) {
    yield card; // the service says what is wrong with it
  }
}

function add(card, line) {
  card.lines.push(line);
  card.size += line.length;
}

/** Lines with their ends. */
function* linesOf(bytes) {
  for (let start = 0; start < bytes.length; ) {
    const at = bytes.indexOf(10, start);
    const end = at < 0 ? bytes.length : at + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

function asciiOf(bytes) {
  return String.fromCharCode(...bytes);
}

function joined(lines, size) {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const line of lines) {
    bytes.set(line, at);
    at += line.length;
  }
  return bytes;
}
