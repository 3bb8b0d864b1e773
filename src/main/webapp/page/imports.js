/**
 * Files that a person has opened: kept in this browser first, then sent part by part. Each part has an idempotency key from the beginning, so
 * an import goes on after any interruption, and nothing is imported twice.
 *
 * @module
 */

import { ServerProblem } from '../js/contact-sync/index.js';

/**
 * Sends the parts of a file that are left.
 *
 * @param {AddressBook} addressBook that keeps them
 * @param {Book} book
 * @param {string} file id of the file
 * @param {{ signal?: AbortSignal, onProgress?: (progress: { done: number, total: number }) => void }} [options] in contacts
 * @returns {Promise<{ contacts: number, refused: number }>} contacts that were imported now, and those that the service could not read
 */
export async function sendFile(addressBook, book, file, { signal, onProgress } = {}) {
  const parts = await addressBook.parts(file);
  const total = parts.reduce((sum, { contacts }) => sum + contacts, 0);
  let done = 0;
  let refused = 0;
  for (const { key, contacts, bytes, idempotencyKey } of parts) {
    onProgress?.({ done, total });
    const headers = { 'Content-Type': 'text/vcard', Prefer: 'handling=lenient' };
    const task = await book.tasks.start('/v1/book/import', { key: idempotencyKey, body: bytes, headers, signal });
    const { imported } = await book.tasks.finished(task, { signal }).catch((error) => {
      if (error instanceof ServerProblem && error.code === 'invalid-contacts') {
        return { imported: { refused: contacts } }; // none of this part can be read
      }
      throw error;
    });
    done += contacts;
    refused += imported?.refused ?? 0;
    await addressBook.dropPart(key);
  }
  return { contacts: done - refused, refused };
}

/**
 * Forgets what is left of a file.
 *
 * @param {AddressBook} addressBook that keeps it
 * @param {string} file its id
 */
export async function dropFile(addressBook, file) {
  for (const { key } of await addressBook.parts(file)) {
    await addressBook.dropPart(key);
  }
}

/**
 * Files that are kept and that no task of the queue imports: the tab was closed before the task was there.
 *
 * @param {AddressBook} addressBook
 * @param {Array<QueuedTask>} tasks of the same device
 * @returns {Promise<string[]>} their ids
 */
export async function forgottenFiles(addressBook, tasks) {
  const queued = new Set(tasks.filter(({ kind }) => kind === 'import').map(({ options }) => options.file));
  return (await addressBook.files()).filter((file) => !queued.has(file));
}
