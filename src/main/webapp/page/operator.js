/**
 * The operator's view: figures of this instance, and the tasks that were given up. It needs a token with the operators' group.
 *
 * @module
 */

import { Http } from '../js/contact-sync/index.js';
import { byId, el } from './dom.js';
import { t, timeOf } from './texts.js';

const FIGURES = [
  ['figure.waiting', 'contactsync_waiting_tasks'], ['figure.oldest', 'contactsync_oldest_wait_seconds'],
  ['figure.uploads', 'contactsync_open_uploads'], ['figure.given', 'contactsync_given_up_tasks'],
  ['figure.listeners', 'contactsync_event_listeners'], ['figure.requests', 'contactsync_waiting_requests'],
  ['figure.mismatches', 'contactsync_check_code_mismatches_total'], ['figure.database', 'contactsync_database_up'],
  ['figure.broker', 'contactsync_broker_up'], ['figure.disk', 'contactsync_disk_free_bytes'],
];
const FAILED = '/admin/v1/failed-tasks';

export class Operator {
  #http;
  #run;

  constructor(token, run) {
    this.#http = new Http({ token });
    this.#run = run;
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
    const figures = figuresOf(await answer.text());
    byId('figures').replaceChildren(
      ...FIGURES.map(([key, name]) => el('tr', {}, el('th', { scope: 'row' }, t(key)), el('td', {}, figures.get(name)?.toLocaleString() ?? '–'))),
    );
  }

  async #showFailed() {
    const { tasks } = await this.#http.json('GET', `${FAILED}?limit=100`);
    byId('failed-none').hidden = tasks.length > 0;
    byId('failed-table').hidden = tasks.length === 0;
    byId('failed-rows').replaceChildren(
      ...tasks.map(({ id, state, attempts, givenUpAt }) =>
        el(
          'tr',
          {},
          el('th', { scope: 'row' }, el('code', {}, id)),
          el('td', {}, state),
          el('td', {}, String(attempts)),
          el('td', {}, givenUpAt === undefined ? '' : timeOf(givenUpAt)),
          el(
            'td',
            {},
            el('button', { type: 'button', onclick: () => void this.#run(() => this.#act('POST', `${FAILED}/${id}/retry`)) }, t('operator.retry')),
            el('button', { type: 'button', onclick: () => void this.#run(() => this.#act('DELETE', `${FAILED}/${id}`)) }, t('operator.drop')),
          ),
        ),
      ),
    );
  }

  async #act(method, path) {
    (await this.#http.send(method, path)).requireSuccess();
    await this.#showFailed();
  }
}

/** Sums of the series of each name, from the text format of Prometheus. */
function figuresOf(text) {
  const figures = new Map();
  for (const [, name, value] of text.matchAll(/^(contactsync_\w+)(?:\{[^}]*\})? ([0-9.eE+-]+)/gm)) {
    figures.set(name, (figures.get(name) ?? 0) + Number(value));
  }
  return figures;
}
