/** Types of the client of contact-sync; see `docs/javascript.md`. */

export type { Capabilities, Head, ListedContact, ReadOptions } from './book.js';
export { Book } from './book.js';
export type { Card, CardValue, Contact, Flaw } from './card.js';
export { InvalidContact, MAX_CARD_BYTES, MAX_DEPTH, MAX_UID_BYTES, canonicalBytes, canonicalText, cardFlaws, readContact, uidFlaw } from './card.js';
export type { HashOptions, HashedContact } from './check-code.js';
export { BookDigest, CheckCodes, checkCodeOf, digestOf, isCheckCode } from './check-code.js';
export { DigestTree, differingPrefixes } from './digest-tree.js';
export type { Answer, HttpOptions, RequestOptions } from './http.js';
export { Http } from './http.js';
export { IndexedDbStore } from './indexed-db-store.js';
export type { ParseOptions } from './json.js';
export { MalformedJson, parseJson } from './json.js';
export { CodesDiffer, ServerProblem, ServerUnreachable } from './problem.js';
export type { Change, Put, Remove } from './requests.js';
export { put, remove } from './requests.js';
export type { Batch, KeptCard, Known, Store } from './store.js';
export { MemoryStore } from './store.js';
export type { PushEvent, PushOptions, PushResult, PushSummary, Way } from './synchroniser.js';
export { Synchroniser } from './synchroniser.js';
export type { QueueEvent, QueuedTask } from './task-queue.js';
export { TaskQueue } from './task-queue.js';
export type { Acknowledgement, ListedChange, Missed, Task, TaskResult, WaitOptions } from './tasks.js';
export { Tasks, isFinished } from './tasks.js';
export { developmentToken } from './tokens.js';
export type { UploadOptions, UploadPlan } from './upload.js';
export { planUpload, sendUpload } from './upload.js';
