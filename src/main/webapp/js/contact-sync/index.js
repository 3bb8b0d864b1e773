/**
 * The client of contact-sync for browsers, workers and Node.js 20 or newer. No dependencies, no build step: `docs/javascript.md`.
 *
 * @module
 */

export { Book } from './book.js';
export { InvalidContact, MAX_CARD_BYTES, MAX_DEPTH, MAX_UID_BYTES, canonicalBytes, canonicalText, cardFlaws, readContact, uidFlaw } from './card.js';
export { BookDigest, CheckCodes, checkCodeOf, digestOf, isCheckCode } from './check-code.js';
export { bookEvents } from './events.js';
export { DigestTree, differingPrefixes } from './digest-tree.js';
export { History } from './history.js';
export { Http } from './http.js';
export { IndexedDbStore } from './indexed-db-store.js';
export { MalformedJson, parseJson } from './json.js';
export { CodesDiffer, ServerProblem, ServerUnreachable } from './problem.js';
export { put, remove } from './requests.js';
export { MemoryStore } from './store.js';
export { Synchroniser } from './synchroniser.js';
export { TaskQueue } from './task-queue.js';
export { Tasks, isFinished } from './tasks.js';
export { developmentToken } from './tokens.js';
export { planUpload, sendUpload } from './upload.js';
