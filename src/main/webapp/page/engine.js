/**
 * Keeps the page's address book and the service's book the same: task queue, events, progress. Tells listeners of `state` whenever there is
 * something new to show, and of `log` what has happened.
 *
 * @module
 */

import { Book, CheckCodes, IndexedDbStore, ServerProblem, Synchroniser, TaskQueue } from '../js/contact-sync/index.js';
import { dropFile, forgottenFiles, sendFile } from './imports.js';
import { OwnCode } from './own-code.js';

/** Lines that are kept. */
const MOST_LINES = 200;

export class Engine extends EventTarget {
  /** What a view shows. */
  state = {
    isPaused: false, isSignedOut: false, isConnected: false, isOnline: navigator.onLine, tasks: [], upload: undefined, own: undefined, service: undefined,
    first: undefined, second: undefined, conflicts: [], confirm: undefined, problem: undefined, importing: undefined, count: 0,
    left: 0,
  };
  lines = [];
  #account;
  #ownCode;
  #stop = new AbortController();

  constructor({ session, token, device, addressBook, account }) {
    super();
    this.session = session;
    this.device = device;
    this.addressBook = addressBook;
    this.#account = account;
    this.book = new Book({ token, device });
  }

  async start() {
    this.store = await IndexedDbStore.open(this.#account);
    const { book, store } = this;
    const account = this.#account;
    this.synchroniser = new Synchroniser({ book, store, account, onProgress: (event) => this.#progressed(event) });
    this.queue = new TaskQueue({ store, account, run: (task, context) => this.#run(task, context), onChange: (event) => this.#queueChanged(event) });
    this.addressBook.addEventListener('change', ({ detail }) => void this.#bookChanged(detail));
    addEventListener('online', () => this.#network(true));
    addEventListener('offline', () => this.#network(false));
    await this.queue.add({ kind: 'sync' });
    for (const file of await forgottenFiles(this.addressBook, await this.queue.list())) {
      await this.importFile(file);
    }
    this.#go();
  }

  /** Queues a sync that a person waits for. */
  async sync(options = {}) {
    this.#show({ confirm: undefined, problem: undefined });
    await this.queue.add({ kind: 'sync', options, priority: 'user' });
  }

  /** Whether what is not sent yet is about to be. */
  get isSending() {
    return this.canSend && this.state.tasks.length > 0;
  }

  get canSend() {
    return !this.state.isPaused && this.state.isOnline && !this.state.isSignedOut;
  }

  /** Whether a person has to sign in again. */
  setSignedOut(isSignedOut) {
    if (isSignedOut !== this.state.isSignedOut) {
      this.#show({ isSignedOut });
    }
  }

  /** @param {number} number changes of closed tabs that could not be sent; 0: there are none any more */
  tellOfClosedTabs(number) {
    this.#show({ left: number });
    if (number > 0) {
      this.#log('log.left', { number });
    }
  }

  /** Stops talking to the service, as without a network, until it is resumed. */
  setPaused(isPaused) {
    this.#show({ isPaused });
    this.#log(isPaused ? 'log.paused' : 'log.resumed');
    this.#go();
  }

  async importFile(id) {
    await this.queue.add({ kind: 'import', options: { file: id }, priority: 'user' });
  }

  end() {
    this.#stop.abort();
    return this.store?.close();
  }

  /** Works while there is a network and the person wants it. */
  #go() {
    this.#stop.abort();
    this.#show({ isConnected: false });
    if (this.state.isPaused || !this.state.isOnline) {
      return;
    }
    const stop = new AbortController();
    this.#stop = stop;
    void this.queue.work({ signal: stop.signal }).catch((error) => stop.signal.aborted || this.#failed(error));
    void this.#listen(stop.signal).catch((error) => stop.signal.aborted || this.#failed(error));
  }

  async #listen(signal) {
    const onConnection = (isConnected) => signal.aborted || this.#show({ isConnected });
    for await (const { seq, checkCode, device } of this.book.events({ signal, onConnection })) {
      const isNews = checkCode !== this.state.service?.checkCode;
      this.#show({ service: { seq, checkCode } });
      if (isNews && device !== this.device) {
        if (device !== undefined) {
          this.#log('log.event', { device, seq });
        }
        await this.queue.add({ kind: 'sync' });
      }
    }
  }

  #network(isOnline) {
    this.#show({ isOnline });
    this.#log(isOnline ? 'log.online' : 'log.offline');
    this.#go();
  }

  async #run({ kind, options }, { signal }) {
    return kind === 'import' ? this.#import(options.file, signal) : this.synchroniser.sync(this.addressBook, { ...options, signal });
  }

  async #import(file, signal) {
    const onProgress = (importing) => this.#show({ importing });
    const sent = await sendFile(this.addressBook, this.book, file, { signal, onProgress });
    this.#show({ importing: undefined });
    await this.queue.add({ kind: 'sync', priority: 'user' });
    return { kind: 'imported', ...sent };
  }

  #progressed(event) {
    const { upload } = this.state;
    switch (event.kind) {
      case 'sending':
        this.#show({ first: event.checkBefore, second: event.checkAfter });
        this.#log('log.sending', { changes: event.changes, way: event.way });
        break;
      case 'planned':
        this.#show({ first: event.checkBefore, second: event.checkAfter, upload: { ...event, acknowledged: [], isDone: false } });
        break;
      case 'acknowledged':
        this.#show({ upload: { ...upload, received: event.acknowledged, acknowledged: [...upload.acknowledged, event] } });
        this.#log('log.acknowledged', event);
        break;
      case 'received':
        this.#log('log.received', event);
        break;
      case 'comparing':
        this.#log('log.comparing');
        break;
      default:
    }
  }

  #queueChanged({ kind, task, result, error }) {
    void this.showTasks();
    if (kind === 'later') {
      this.#log('log.later', { reason: task.reason });
    } else if (kind === 'failed') {
      this.#failed(error);
      if (task.kind === 'import' && error instanceof ServerProblem) {
        // The person is told. Much later the rest of the file would undo what has been done since, or add contacts twice.
        void dropFile(this.addressBook, task.options.file).catch((failure) => this.#failed(failure));
      }
    } else if (kind === 'done') {
      void this.#done(result);
    }
  }

  async #done(result) {
    const upload = this.state.upload === undefined ? undefined : { ...this.state.upload, isDone: true };
    this.#show({ upload, problem: undefined });
    if (result.kind === 'imported') {
      if (result.contacts + result.refused > 0) {
        this.#log('log.imported', result);
        this.dispatchEvent(new CustomEvent('imported', { detail: result }));
      }
      return;
    }
    await this.#computeOwn();
    if (result.kind === 'agreed') {
      const service = { ...this.state.service, checkCode: result.checkCode };
      this.#show({ service, conflicts: result.conflicts, confirm: undefined });
      const hasWorked = result.way !== 'nothing' || result.received.put + result.received.deleted > 0 || this.lines.length === 0;
      hasWorked && this.#log('log.agreed', { added: result.added, changed: result.changed, deleted: result.deleted, unchanged: result.unchanged });
    } else if (result.kind === 'needs-confirmation') {
      this.#show({ confirm: result });
    } else {
      this.#failed(new Error(result.kind));
    }
  }

  /** From now on each change of the book is followed. */
  async #computeOwn() {
    const agreement = await this.store.get('agreement');
    if (agreement !== undefined && this.#ownCode?.key !== agreement.checkKey) {
      const code = new OwnCode(await CheckCodes.of(agreement.checkKey));
      this.#ownCode = { code, key: agreement.checkKey };
      this.#show({ own: await code.follow([...this.addressBook.cards]), count: code.count });
    }
  }

  async #bookChanged({ entries, by }) {
    this.#show({ own: undefined }); // until it is computed
    if (by === 'person') {
      await this.queue.add({ kind: 'sync', priority: 'user' });
    }
    if (this.#ownCode !== undefined) {
      const { code } = this.#ownCode;
      this.#show({ own: await code.follow(entries), count: code.count });
    }
  }

  #failed(error) {
    this.#show({ problem: error });
    this.#log('log.failed', { reason: error.code ?? error.message });
  }

  /** Reads the queue. */
  async showTasks() {
    this.#show({ tasks: await this.queue.list() });
  }

  #show(change) {
    Object.assign(this.state, change);
    this.dispatchEvent(new Event('state'));
  }

  #log(key, values = {}) {
    this.lines = [...this.lines, { at: new Date(), key, values }].slice(-MOST_LINES);
    this.dispatchEvent(new Event('log'));
  }
}
