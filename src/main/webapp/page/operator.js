/**
 * The operator's view: figures of this instance, and the tasks that were given up. It needs a token with the operators' group.
 *
 * @module
 */

import { Http } from '../js/contact-sync/index.js';
import { byId, el } from './dom.js';
import { currentLanguage, t, timeOf } from './texts.js';

const FIGURES = [
  ['figure.waiting', 'contactsync_waiting_tasks'], ['figure.oldest', 'contactsync_oldest_wait_seconds'],
  ['figure.uploads', 'contactsync_open_uploads'], ['figure.given', 'contactsync_given_up_tasks'],
  ['figure.listeners', 'contactsync_event_listeners'], ['figure.requests', 'contactsync_waiting_requests'],
  ['figure.mismatches', 'contactsync_check_code_mismatches_total'], ['figure.database', 'contactsync_database_up'],
  ['figure.broker', 'contactsync_broker_up'], ['figure.disk', 'contactsync_disk_free_bytes'],
];
/** Failed tasks of one page. */
const PAGE = 100;
const FAILED = '/admin/v1/failed-tasks';

export class Operator {
  #http;
  #run;
  /** Where the next page of failed tasks begins. */
  #next;

  constructor(token, run) {
    this.#http = new Http({ token });
    this.#run = run;
    byId('drop-cancel').addEventListener('click', () => byId('drop').close());
    byId('failed-more').addEventListener('click', () => void run(() => this.#showFailed(this.#next)));
    byId('operator-refresh').addEventListener('click', () => void run(() => this.show()));
  }

  /** Whether the token is an operator's. */
  async isAllowed(signal) {
    return (await this.#http.send('GET', `${FAILED}?limit=1`, { signal })).status === 200;
  }

  async show() {
    await Promise.all([this.#showFigures(), this.#showFailed()]);
  }

  async #showFigures() {
    const answer = await fetch('/metrics', { credentials: 'omit' });
    if (!answer.ok) {
      throw new Error(`/metrics: ${answer.status}`);
    }
    const figures = figuresOf(await answer.text());
    byId('figures').replaceChildren(
      ...FIGURES.map(([key, name]) => el('tr', {}, el('th', { scope: 'row' }, t(key)), el('td', {}, valueOf(key, figures.get(name))))),
    );
  }

  /** The first page, or the one that begins after this place. */
  async #showFailed(after) {
    const { tasks, next } = await this.#http.json('GET', `${FAILED}?limit=${PAGE}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`);
    this.#next = next ?? undefined;
    byId('failed-more').hidden = this.#next === undefined;
    byId('failed-none').hidden = tasks.length > 0 || after !== undefined;
    byId('failed-table').hidden = tasks.length === 0 && after === undefined;
    if (after === undefined) {
      byId('failed-rows').replaceChildren();
    }
    byId('failed-rows').append(
      ...tasks.map(({ id, owner, state, attempts, givenUpAt }) =>
        el(
          'tr',
          {},
          el('th', { scope: 'row' }, el('code', {}, id)),
          el('td', {}, el('code', { title: owner }, `${owner.slice(0, 8)}…`)),
          el('td', {}, state),
          el('td', {}, String(attempts)),
          el('td', {}, givenUpAt === undefined ? '' : timeOf(givenUpAt)),
          el(
            'td',
            {},
            el('button', { type: 'button', onclick: () => void this.#run(() => this.#act('POST', `${FAILED}/${id}/retry`)) }, t('operator.retry')),
            el('button', { type: 'button', onclick: () => this.#askToDrop(id) }, t('operator.drop')),
          ),
        ),
      ),
    );
  }

  #askToDrop(id) {
    byId('drop-text').textContent = t('operator.drop.text', { id });
    byId('drop-go').onclick = () => {
      byId('drop').close();
      void this.#run(() => this.#act('DELETE', `${FAILED}/${id}`));
    };
    byId('drop').showModal();
  }

  async #act(method, path) {
    (await this.#http.send(method, path)).requireSuccess();
    await this.#showFailed();
  }
}

function valueOf(key, value) {
  if (value === undefined) {
    return '–';
  }
  return key === 'figure.database' || key === 'figure.broker' ? t(value === 1 ? 'yes' : 'no') : value.toLocaleString(currentLanguage());
}

/** Sums of the series of each name, from the text format of Prometheus. */
function figuresOf(text) {
  const figures = new Map();
  for (const [, name, value] of text.matchAll(/^(contactsync_\w+)(?:\{[^}]*\})? ([0-9.eE+-]+)/gm)) {
    figures.set(name, (figures.get(name) ?? 0) + Number(value));
  }
  return figures;
}
