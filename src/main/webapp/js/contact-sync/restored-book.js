/**
 * Corrects what is known after the service's book was restored from a backup: its seq went back, or its changes since do not lead from what
 * was known to what it is. Then a card that differs is not newer there, it is older. Only for a push a book with another check key is one, too.
 *
 *     address book       service                       counts as
 *     as last agreed     another than last agreed      sent before as the service has it: it is sent again
 *     changed since      another                       never agreed: a conflict, the service's card is kept
 *     has it             as this client knew it        known as before
 *     does not have it   has it                        never sent: it is not deleted
 *
 * @module
 */

import { KnownBook, isChangedByOthers } from './known-book.js';
import { forEachInSlices } from './turns.js';

/**
 * @param {KnownBook} before what was known, with the hashes of the old key
 * @param {KnownBook} now the service's book
 * @param {Map<string, string>} phone content hashes of the address book with the old key, by uid
 * @param {boolean} isSameKey whether hashes of both books can be compared
 * @returns {Promise<KnownBook>}
 */
export async function afterRestore(before, now, phone, isSameKey) {
  const contacts = new Map();
  await forEachInSlices(await now.hashes(), ([uid, onServer]) => {
    contacts.set(uid, restored(onServer, before.contacts.get(uid), phone.get(uid), isSameKey));
  });
  return new KnownBook(now.codes, contacts, now.digest);
}

function restored(onServer, known, hash, isSameKey) {
  if (hash === undefined || known === undefined) {
    return { onServer };
  }
  if (isSameKey && known.onServer === onServer) {
    return known;
  }
  const isAsAgreed = !isChangedByOthers(known) && known.sent === hash;
  return isAsAgreed ? { onServer, sent: onServer } : { onServer };
}
