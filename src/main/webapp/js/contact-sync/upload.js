/**
 * Uploads in chunks (protocol §8): each acknowledgement has the running check code, which is compared with the one computed here before
 * the next chunk is sent.
 *
 * @module
 */

import { utf8 } from './bytes.js';
import { BookDigest, digestOf } from './check-code.js';
import { CodesDiffer, ServerProblem } from './problem.js';
import { changeText, contactText } from './requests.js';
import { isFinished } from './tasks.js';
import { forEachInSlices, mapInSlices } from './turns.js';

/**
 * Contacts of a chunk, even if the service takes more: about 350 KB, so that acknowledgements come often and little is sent twice after
 * a break.
 */
const CHUNK_CONTACTS = 500;

/** `{"contacts":[…]}` around the contacts. */
const FRAME_BYTES = 16;

/** A chunk number that the service asks for is followed so often; more means that the two do not understand each other. */
const MOST_DETOURS = 5;

/**
 * What is about to be uploaded, with every code that the service has to say.
 *
 * @typedef {object} UploadPlan
 * @property {object} request body of the open request
 * @property {Array<{ text: string, received: number, checkCode: string }>} chunks
 */

/**
 * Plans an upload: cuts it into chunks and computes the running check codes. The same arguments make the same plan.
 *
 * @param {object} upload
 * @param {CheckCodes} upload.codes of the book
 * @param {'initial' | 'replace' | 'changes'} upload.kind
 * @param {string} upload.checkBefore the first check code
 * @param {Array<object>} upload.changes made by `put` and `remove`; only puts unless the kind is `changes`
 * @param {Map<string, string>} [upload.known] content hashes of the book before, by uid; needed for `changes`
 * @param {object} upload.limits of the service (`book.capabilities()`)
 * @param {AbortSignal} [upload.signal]
 * @returns {Promise<UploadPlan>}
 */
export async function planUpload({ codes, kind, checkBefore, changes, known = new Map(), limits, signal }) {
  const isWhole = kind !== 'changes';
  const texts = await mapInSlices(changes, isWhole ? contactText : changeText, signal);
  const sizes = await mapInSlices(texts, (text) => utf8(text).length + 1, signal);
  const steps = await entriesOf(codes, changes, isWhole ? new Map() : known, signal);
  let digest = isWhole ? BookDigest.EMPTY : await digestOfKnown(codes, known, signal);
  const chunks = [];
  for (const [from, to] of cut(sizes, limits)) {
    await forEachInSlices(steps.slice(from, to), ({ before, after }) => {
      digest = before === undefined ? digest : digest.minus(before);
      digest = after === undefined ? digest : digest.plus(after);
    });
    const text = `{"${isWhole ? 'contacts' : 'changes'}":[${texts.slice(from, to).join(',')}]}`;
    chunks.push({ text, received: to, checkCode: await codes.checkCode(digest) });
  }
  const checkAfter = await codes.checkCode(digest);
  return { request: { kind, checkBefore, chunks: chunks.length, contacts: changes.length, checkAfter }, chunks };
}

/**
 * Sends an upload, or goes on with one that was interrupted.
 *
 * @param {Book} book
 * @param {UploadPlan} plan
 * @param {object} options
 * @param {string} options.key idempotency key of the open request
 * @param {string} [options.task] id of the upload, if it was opened before: the service says which chunk comes next
 * @param {boolean} [options.confirmDeletes] a person has agreed to the deletions
 * @param {(id: string) => void | Promise<void>} [options.onOpened] stores the id, so that the upload can be continued
 * @param {(sent: { acknowledged: number, total: number, chunk: number, checkCode: string }) => void} [options.onAcknowledged]
 * @param {(position: number) => void} [options.onWaiting] tasks that are ahead
 * @param {AbortSignal} [options.signal] stops sending; the upload stays open for its lease
 * @returns {Promise<object>} the result of the task, with the second check code
 * @throws {CodesDiffer} if an acknowledgement has another code; the upload is cancelled
 * @throws {ServerProblem} if the service refuses
 */
export async function sendUpload(book, plan, options) {
  const task = await openedTask(book, plan, options);
  if (!isFinished(task) && task.state === 'receiving') {
    await sendChunks(book, plan, task, options);
    const { confirmDeletes, signal, onWaiting } = options;
    return book.tasks.finished(await book.tasks.commit(task.id, { confirmDeletes, signal, onWaiting }), options);
  }
  return book.tasks.finished(task, options);
}

async function openedTask(book, plan, { key, task, onOpened, signal }) {
  const known = task === undefined ? undefined : await book.tasks.task(task, { signal });
  if (known !== undefined) {
    return known;
  }
  const opened = await book.tasks.open(plan.request, key, signal);
  await onOpened?.(opened.id);
  return opened;
}

async function sendChunks(book, plan, task, { onAcknowledged, onWaiting, signal }) {
  let number = task.nextChunk;
  let detours = 0;
  while (number <= plan.chunks.length) {
    const chunk = plan.chunks[number - 1];
    let acknowledgement;
    try {
      acknowledgement = await book.tasks.chunk(task.id, number, chunk.text, { signal, onWaiting });
    } catch (error) {
      if (!(error instanceof ServerProblem) || error.code !== 'chunk-out-of-order' || ++detours > MOST_DETOURS) {
        throw error;
      }
      number = expected(error, plan);
      continue;
    }
    if (acknowledgement.checkCode !== chunk.checkCode) {
      await book.tasks.cancel(task.id, signal);
      throw new CodesDiffer(`chunk ${number}`, chunk.checkCode, acknowledgement.checkCode);
    }
    onAcknowledged?.({
      acknowledged: chunk.received,
      total: plan.request.contacts,
      chunk: number,
      checkCode: acknowledgement.checkCode,
    });
    number++;
  }
}

/** All chunks are there if the service expects the one after the last. */
function expected(problem, plan) {
  const number = problem.members.expected;
  if (!Number.isInteger(number) || number < 1 || number > plan.chunks.length + 1) {
    throw problem;
  }
  return number;
}

/** Entry of each contact before and after its change. */
async function entriesOf(codes, changes, known, signal) {
  const after = new Map();
  const hashed = await codes.hashes(changes.filter((change) => change.op === 'put'), { signal });
  await forEachInSlices(hashed, ({ uid, entry }) => after.set(uid, entry), signal);
  const replaced = changes.filter(({ uid }) => known.has(uid)).map(({ uid }) => ({ uid, contentHash: known.get(uid) }));
  const entries = await codes.entries(replaced, { signal });
  const before = new Map();
  await forEachInSlices(replaced.entries(), ([i, { uid }]) => before.set(uid, entries[i]), signal);
  return mapInSlices(changes, ({ uid }) => ({ before: before.get(uid), after: after.get(uid) }), signal);
}

async function digestOfKnown(codes, known, signal) {
  const contacts = await mapInSlices(known, ([uid, contentHash]) => ({ uid, contentHash }), signal);
  return digestOf((await codes.entries(contacts, { signal })).map((entry) => ({ entry })));
}

/** Pairs of first index and index after the last of each chunk; none is empty. */
function cut(sizes, limits) {
  const fewest = Math.ceil(sizes.length / limits.maxChunks);
  const most = Math.min(limits.maxChunkContacts, Math.max(CHUNK_CONTACTS, fewest));
  const chunks = [];
  let start = 0;
  let bytes = FRAME_BYTES;
  sizes.forEach((size, i) => {
    if (i > start && (i - start === most || bytes + size > limits.maxChunkBytes)) {
      chunks.push([start, i]);
      start = i;
      bytes = FRAME_BYTES;
    }
    bytes += size;
  });
  return start < sizes.length ? [...chunks, [start, sizes.length]] : chunks;
}
