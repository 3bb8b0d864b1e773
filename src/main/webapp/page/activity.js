/**
 * What the client is doing: check codes, task queue, chunks with their acknowledgements, and what has happened.
 *
 * @module
 */

import { byId, codeOf, el, perFrame } from './dom.js';
import { currentLanguage, t } from './texts.js';

/** Lines that are shown. */
const LINES = 30;

export class Activity {
  #engine;
  #queue;
  #draw = perFrame(() => this.#drawNow());
  #drawLog = perFrame(() => this.#drawLogNow());

  constructor(engine) {
    this.#engine = engine;
    engine.addEventListener('state', this.#draw);
    engine.addEventListener('log', this.#drawLog);
    byId('left-open').addEventListener('click', () => {
      engine.tellOfClosedTabs(0);
      window.open(location.href); // with this sign-in: it takes over the device of a closed tab
    });
    this.redraw();
  }

  redraw() {
    this.#draw();
    this.#drawLog();
  }

  #drawNow() {
    const { state } = this.#engine;
    const [kind, text] = this.#status();
    byId('status').className = `status ${kind}`;
    byId('status').textContent = text;
    byId('pause').textContent = t(state.isPaused ? 'resume' : 'pause');
    byId('pause').setAttribute('aria-pressed', String(state.isPaused));
    byId('lost').hidden = !state.isSignedOut;
    byId('left').hidden = state.left === 0;
    byId('left-text').textContent = state.left === 0 ? '' : t('left.text', { number: state.left });
    this.#drawCodes();
    this.#drawQueue();
    this.#drawChunks();
    byId('importing').textContent = state.importing === undefined ? '' : t('importing', state.importing);
    const problem = byId('problem');
    const isAnew = state.problem?.code === 'account-began-anew';
    byId('anew').hidden = !isAnew;
    problem.hidden = state.problem === undefined || isAnew;
    problem.textContent = state.problem === undefined ? '' : t('problem', { detail: state.problem.detail || state.problem.message });
  }

  #status() {
    const { isPaused, isOnline, isSignedOut, tasks, own, service, conflicts } = this.#engine.state;
    if (isPaused) {
      return ['idle', t('status.paused')];
    }
    if (!isOnline) {
      return ['idle', t('status.offline')];
    }
    if (isSignedOut) {
      return ['bad', t('status.signin')];
    }
    if (tasks.some(({ attempts }) => attempts > 0)) {
      return ['bad', t('status.waiting')];
    }
    if (tasks.length > 0) {
      return ['busy', t('status.working')];
    }
    if (conflicts.length > 0) {
      return ['bad', t('status.conflicts', { number: conflicts.length })];
    }
    if (own === undefined) {
      return ['busy', t('status.working')];
    }
    return own === service?.checkCode ? ['good', t('status.equal')] : ['busy', t('status.differs')];
  }

  #drawCodes() {
    const { own, service, first, second } = this.#engine.state;
    const isEqual = own !== undefined && own === service?.checkCode;
    const badge = own === undefined ? undefined : el('span', { class: isEqual ? 'badge good' : 'badge bad' }, t(isEqual ? 'codes.equal' : 'codes.differ'));
    byId('codes').replaceChildren(
      ...[['codes.own', own, badge], ['codes.service', service?.checkCode], ['codes.first', first], ['codes.second', second]].flatMap(([key, code, extra]) => [
        el('dt', {}, t(key)),
        el('dd', { id: key.replace('.', '-') }, codeOf(code), extra === undefined ? '' : ' ', extra),
      ]),
    );
  }

  /** Only when it is another one: a button that is drawn anew loses the focus, and a click that has begun. */
  #drawQueue() {
    const { tasks } = this.#engine.state;
    const shown = `${currentLanguage()} ${JSON.stringify(tasks)}`;
    if (shown === this.#queue) {
      return;
    }
    this.#queue = shown;
    const rows = tasks.map(({ id, kind, priority, state, attempts, reason }) => {
      const cancel = el('button', { type: 'button', onclick: () => void this.#engine.queue.cancel(id).then(() => this.#engine.showTasks()) }, t('cancel'));
      const words = [t(`queue.${state}`), t(`queue.${priority}`), attempts > 0 ? t('queue.attempts', { number: attempts, reason }) : undefined];
      return el(
        'li',
        { class: state },
        el('strong', {}, t(`task.${kind}`)),
        el('span', { class: 'quiet' }, ` ${words.filter(Boolean).join(', ')} `),
        state === 'waiting' && kind !== 'import' ? cancel : undefined,
      );
    });
    byId('queue').replaceChildren(...(rows.length > 0 ? rows : [el('li', { class: 'quiet' }, t('queue.empty'))]));
  }

  #drawChunks() {
    const { upload } = this.#engine.state;
    byId('chunks-none').hidden = upload !== undefined;
    byId('chunks-box').hidden = upload === undefined;
    if (upload === undefined) {
      return;
    }
    const received = upload.isDone ? upload.contacts : (upload.received ?? 0);
    byId('chunks-bar').max = upload.contacts;
    byId('chunks-bar').value = received;
    byId('chunks-text').textContent = t('chunks.progress', { received, total: upload.contacts });
    const acknowledged = new Map(upload.acknowledged.map(({ chunk, checkCode }) => [chunk, checkCode]));
    const cells = Array.from({ length: Math.min(upload.chunks, 400) }, (_, i) => {
      const code = acknowledged.get(i + 1);
      const isThere = code !== undefined || upload.isDone;
      const text = code === undefined ? t(isThere ? 'codes.equal' : 'chunks.open') : t('chunks.done', { code: `${code.slice(0, 10)}…` });
      return el('li', { class: isThere ? 'chunk there' : 'chunk', title: text }, el('span', {}, String(i + 1)), el('span', { class: 'hidden' }, `: ${text}`));
    });
    byId('chunks').replaceChildren(...cells);
  }

  #drawLogNow() {
    const lines = this.#engine.lines.slice(-LINES).reverse();
    byId('log').replaceChildren(
      ...lines.map(({ at, key, values }) => el('li', {}, el('time', { datetime: at.toISOString() }, at.toLocaleTimeString()), ` ${t(key, worded(values))}`)),
    );
  }
}

/** The values of a line, with words for what the client has names for. */
function worded({ way, ...values }) {
  return way === undefined ? values : { ...values, way: t(`way.${way}`) };
}
