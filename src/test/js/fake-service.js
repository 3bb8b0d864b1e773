/** The service for one user, in memory, behind a `fetch`. Proven by `service-contract.js`, which the real one passes too. */
import { gunzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { DigestTree } from '../../main/webapp/js/contact-sync/digest-tree.js';
import { FakeBook, Refusal, change } from './fake-book.js';

const LIMITS = {
  protocol: 'v1', checkCode: 'ck1', maxChunkContacts: 1000, maxChunkBytes: 4194304, oneShotContacts: 500, oneShotBytes: 1048576,
  maxBookContacts: 200000, maxChunks: 1000, waitSecondsDefault: 10, waitSecondsMax: 55, uploadLeaseSeconds: 900,
};

export class FakeService {
  requests = [];
  /** One request after the other: the service locks the book. */
  #turn = Promise.resolve();
  limits = LIMITS;
  tasks = new Map();
  receipts = new Map();
  /** Called with method and path before a request is carried out; what it returns or throws is the answer. */
  before = () => undefined;
  /** As `before`, after it was carried out and before the answer arrives. */
  after = () => undefined;

  static async create() {
    const service = new FakeService();
    service.book = await FakeBook.create();
    return service;
  }

  fetch = async (address, init) => {
    init.signal?.throwIfAborted();
    const url = new URL(address);
    const request = { method: init.method, path: url.pathname, query: url.searchParams, headers: new Headers(init.headers), init };
    this.requests.push(`${request.method} ${request.path}`);
    const refused = await this.before(request.method, request.path);
    if (refused !== undefined) {
      return refused;
    }
    const answered = this.#turn.then(() => this.#answer(request));
    this.#turn = answered.catch(() => {});
    const response = await answered;
    return (await this.after(request.method, request.path)) ?? response;
  };

  async #answer(request) {
    try {
      if (request.headers.get('Authorization') !== 'Bearer good' && request.path !== '/v1/capabilities') {
        throw new Refusal(401, 'unauthorized');
      }
      return await this.#route(request);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      return problem(error);
    }
  }

  async #route(request) {
    const [, id, chunk] = /^\/v1\/sync-tasks\/([^/]+)(?:\/chunks\/(\d+)|\/commit)?$/.exec(request.path) ?? [];
    const uid = /^\/v1\/book\/contacts\/(.+)$/.exec(request.path)?.[1];
    const routes = {
      'GET /v1/capabilities': () => json(this.limits),
      'GET /v1/book': () => this.#head(),
      'HEAD /v1/book': () => this.#known(request),
      'GET /v1/book/contacts': () => this.#page(request),
      'GET /v1/book/changes': () => this.#changes(request),
      'GET /v1/book/digests': () => this.#digests(request),
      'GET /v1/book/digests/entries': () => this.#entries(request),
      'GET /v1/sync-tasks': () => json({ tasks: [...this.tasks.values()].filter(({ state }) => state === 'receiving').map(view) }),
      'PATCH /v1/book/contacts': () => this.#once(request, async (body) => json(this.#done(await this.book.apply(body, unquoted(request.headers.get('If-Match')))))),
      'POST /v1/sync-tasks': () => this.#once(request, async (body) => this.#open(body)),
    };
    const route = routes[`${request.method} ${request.path}`];
    if (route !== undefined) {
      return route();
    }
    if (uid !== undefined) {
      return this.#contact(decodeURIComponent(uid));
    }
    const task = this.tasks.get(id);
    if (task === undefined) {
      throw new Refusal(404, 'not-found');
    }
    if (chunk !== undefined) {
      return this.#chunk(task, Number(chunk), request);
    }
    return { GET: () => json(view(task)), DELETE: () => this.#cancel(task), POST: () => this.#commit(task, bodyOf(request)) }[request.method]();
  }

  #head() {
    const { checkCode, checkKey, seq, contacts } = this.book;
    return json({ count: contacts.size, seq, checkCode, checkKey, queue: { running: 0, waiting: 0 } }, { ETag: `"${checkCode}"` });
  }

  #known({ headers }) {
    const isKnown = headers.get('If-None-Match') === `"${this.book.checkCode}"`;
    return new Response(null, { status: isKnown ? 304 : 200, headers: { ETag: `"${this.book.checkCode}"` } });
  }

  #contact(uid) {
    const found = this.book.contacts.get(uid);
    if (found === undefined) {
      throw new Refusal(404, 'not-found');
    }
    return json({ uid, card: JSON.parse(found.cardText), contentHash: found.contentHash });
  }

  #page({ query, headers }) {
    this.#requireUnchanged(headers);
    const limit = Number(query.get('limit') ?? 200);
    const after = query.get('after');
    const uids = [...this.book.contacts.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const rest = uids.filter((uid) => after === null || Buffer.compare(Buffer.from(uid), Buffer.from(after)) > 0);
    const contacts = rest.slice(0, limit).map((uid) => {
      const { contentHash, card } = change(0, uid, this.book.contacts.get(uid));
      return { uid, card, contentHash };
    });
    const next = rest.length > limit ? { next: `/v1/book/contacts?after=${encodeURIComponent(rest[limit - 1])}&limit=${limit}` } : {};
    return json({ contacts, checkCode: this.book.checkCode, ...next });
  }

  #changes({ query }) {
    const since = Number(query.get('since'));
    if (since > 0 && since < this.book.changesFrom) {
      throw new Refusal(410, 'changes-expired');
    }
    const limit = Number(query.get('limit') ?? 200);
    const all = this.book.changesSince(since);
    // A page ends with a whole seq here, so that `since` alone can continue it.
    let end = Math.min(limit, all.length);
    while (end < all.length && all[end].seq === all[end - 1].seq) {
      end++;
    }
    const changes = all.slice(0, end);
    const last = changes.at(-1)?.seq ?? since;
    return json({ changes, next: `/v1/book/changes?since=${last}&limit=${limit}`, hasMore: end < all.length, checkCode: this.book.checkCode, seq: this.book.seq });
  }

  async #digests({ query }) {
    const tree = new DigestTree();
    this.book.contacts.forEach(({ position, entry }) => tree.add(position, entry));
    const nodes = await this.book.codes.nodes(tree.nodes(query.get('prefix') ?? '', Number(query.get('depth') ?? 2)));
    return new Response(Buffer.from(nodes.join(''), 'hex'), { headers: { ETag: `"${this.book.checkCode}"` } });
  }

  #entries({ query, headers }) {
    this.#requireUnchanged(headers);
    const prefixes = query.get('prefix').split(',');
    const entries = [...this.book.contacts]
      .filter(([, { position }]) => prefixes.some((prefix) => position.startsWith(prefix)))
      .map(([uid, { contentHash }]) => [uid, contentHash]);
    return json({ checkCode: this.book.checkCode, entries });
  }

  #requireUnchanged(headers) {
    const expected = headers.get('If-Match');
    if (expected !== null && unquoted(expected) !== this.book.checkCode) {
      throw new Refusal(412, 'check-code-mismatch', this.book.mismatch(unquoted(expected)));
    }
  }

  /** The same key gets the same answer, also if it was a refusal (protocol 7.2). */
  async #once(request, work) {
    const key = request.headers.get('Idempotency-Key');
    const body = bodyOf(request);
    const digest = createHash('sha256').update(JSON.stringify(body)).update(request.headers.get('If-Match') ?? '').digest('hex');
    const known = this.receipts.get(key);
    if (known !== undefined && known.digest !== digest) {
      throw new Refusal(422, 'idempotency-key-reused');
    }
    let answer = known?.answer;
    if (answer === undefined) {
      answer = await work(body).catch((error) => (error instanceof Refusal ? problem(error) : Promise.reject(error)));
      this.receipts.set(key, { digest, answer });
    }
    return answer.clone();
  }

  #done(result) {
    return { task: crypto.randomUUID(), state: 'done', ...result };
  }

  async #open(plan) {
    if (plan.checkBefore !== this.book.checkCode) {
      throw new Refusal(412, 'check-code-mismatch', this.book.mismatch(plan.checkBefore));
    }
    if (plan.kind === 'initial' && this.book.contacts.size > 0) {
      throw new Refusal(409, 'book-not-empty');
    }
    const staged = await this.book.staged(plan.kind === 'changes' ? this.book.contacts : new Map(), []);
    const task = { ...plan, id: crypto.randomUUID(), state: 'receiving', position: 0, nextChunk: 1, received: 0, staged, acknowledged: [] };
    this.tasks.set(task.id, task);
    return json(view(task), {}, 201);
  }

  async #chunk(task, number, request) {
    const digest = createHash('sha256').update(request.init.body).digest('base64');
    if (request.headers.get('Content-Digest') !== `sha-256=:${digest}:`) {
      throw new Refusal(400, 'digest-mismatch');
    }
    if (task.state !== 'receiving') {
      throw new Refusal(409, 'task-finished', { state: task.state });
    }
    const earlier = task.acknowledged[number - 1];
    if (earlier !== undefined) {
      return earlier.digest === digest ? json(earlier.answer) : problem(new Refusal(409, 'chunk-conflict', { chunk: number }));
    }
    if (number !== task.nextChunk) {
      throw new Refusal(409, 'chunk-out-of-order', { expected: task.nextChunk });
    }
    if (task.checkBefore !== this.book.checkCode) {
      task.state = 'failed';
      throw new Refusal(412, 'check-code-mismatch', this.book.mismatch(task.checkBefore));
    }
    const { contacts, changes } = bodyOf(request);
    task.staged = await this.book.staged(task.staged.contacts, changes ?? contacts.map((contact) => ({ op: 'put', ...contact })));
    task.received += (changes ?? contacts).length;
    const answer = { chunk: number, nextChunk: ++task.nextChunk, received: task.received, checkCode: task.staged.checkCode };
    task.acknowledged.push({ digest, answer });
    return json(answer);
  }

  #commit(task, { confirmDeletes }) {
    if (task.state === 'receiving') {
      if (task.received < task.contacts) {
        throw new Refusal(409, 'chunks-missing', { nextChunk: task.nextChunk, received: task.received });
      }
      const { checkCode } = task.staged;
      if (checkCode !== task.checkAfter) {
        throw new Refusal(409, 'result-code-mismatch', { serverCheckCode: checkCode, count: task.staged.contacts.size });
      }
      task.result = { task: task.id, state: 'done', ...this.book.commit(task.staged, confirmDeletes, task.kind === 'replace') };
      task.state = 'done';
    }
    if (task.state !== 'done') {
      throw new Refusal(409, 'task-finished', { state: task.state });
    }
    return json(task.result);
  }

  #cancel(task) {
    if (task.state !== 'receiving' && task.state !== 'cancelled') {
      throw new Refusal(409, 'task-finished', { state: task.state });
    }
    task.state = 'cancelled';
    return new Response(null, { status: 204 });
  }
}

export function json(value, headers = {}, status = 200) {
  return new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

export function problem({ status, code, members = {} }, headers = {}) {
  const body = { type: `urn:contact-sync:problem:${code}`, title: code, status, detail: code, next: '', ...members };
  return json(body, { 'Content-Type': 'application/problem+json', ...headers }, status);
}

function bodyOf({ init, headers }) {
  const bytes = headers.get('Content-Encoding') === 'gzip' ? gunzipSync(init.body) : Buffer.from(init.body ?? '');
  return bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8'));
}

function view({ staged, acknowledged, checkBefore, checkAfter, confirmDeletes, ...task }) {
  return { ...task, ...(acknowledged.length > 0 ? { checkCode: staged.checkCode } : {}) };
}

function unquoted(tag) {
  return tag?.slice(1, -1);
}
