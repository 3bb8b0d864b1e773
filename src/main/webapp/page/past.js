/**
 * What was: the trash, and the history with the way back.
 *
 * @module
 */

import { nameOf, phonesOf } from './card-fields.js';
import { byId, codeOf, el } from './dom.js';
import { t, timeOf } from './texts.js';

export class Past {
  #engine;
  #run;
  #changes = [];
  #hasMore = false;

  /**
   * @param {Engine} engine
   * @param {(work: () => Promise<void>) => Promise<void>} run shows a failure to the person
   */
  constructor(engine, run) {
    this.#engine = engine;
    this.#run = run;
    byId('history-more').addEventListener('click', () => void run(() => this.#more()));
    byId('restore-cancel').addEventListener('click', () => byId('restore').close());
  }

  async showTrash() {
    const contacts = await this.#engine.book.history.trash({ most: 200 });
    const rows = contacts.map(({ uid, card, endedAt, endedBy }) =>
      el(
        'li',
        {},
        el(
          'div',
          {},
          el('bdi', {}, nameOf(card) || t('nameless')),
          el('div', { class: 'quiet' }, phonesOf(card)[0]?.value ?? ''),
          el('div', { class: 'quiet' }, t('trash.at', { at: timeOf(endedAt), device: endedBy ?? t('unknown.device') })),
        ),
        el('button', { type: 'button', onclick: ({ target }) => void this.#run(() => this.#undelete(uid, target)) }, t('trash.restore')),
      ),
    );
    byId('trash-list').replaceChildren(...(rows.length > 0 ? rows : [el('li', { class: 'quiet' }, t('trash.empty'))]));
  }

  async #undelete(uid, button) {
    button.disabled = true;
    await this.#engine.book.history.undelete(uid);
    await this.#engine.sync();
    await this.showTrash();
  }

  async showHistory() {
    const { changes, hasMore } = await this.#engine.book.history.changes({ limit: 50 });
    this.#changes = changes;
    this.#hasMore = hasMore;
    this.#drawHistory();
  }

  async #more() {
    const { changes, hasMore } = await this.#engine.book.history.changes({ limit: 50, before: this.#changes.at(-1).seq });
    this.#changes.push(...changes);
    this.#hasMore = hasMore;
    this.#drawHistory();
  }

  #drawHistory() {
    byId('history-more').hidden = !this.#hasMore;
    byId('history-empty').hidden = this.#changes.length > 0;
    byId('history-table').hidden = this.#changes.length === 0;
    byId('history-rows').replaceChildren(
      ...this.#changes.map((change, i) =>
        el(
          'tr',
          {},
          el('th', { scope: 'row' }, String(change.seq)),
          el('td', {}, timeOf(change.at)),
          el('td', {}, change.device ?? t('unknown.device')),
          el('td', {}, t('history.counts', { ...change.applied, count: change.count })),
          el('td', {}, codeOf(change.checkCode)),
          el('td', {}, i === 0 ? '' : this.#restoreButton(change)),
        ),
      ),
    );
  }

  #restoreButton({ seq }) {
    const label = t('history.restore.of', { seq });
    return el('button', { type: 'button', 'aria-label': label, onclick: () => void this.#run(() => this.#ask(seq)) }, t('history.restore'));
  }

  async #ask(seq) {
    const { history } = this.#engine.book;
    const plan = await history.plan({ seq });
    byId('restore-title').textContent = t('history.restore.of', { seq });
    byId('restore-text').textContent = t('history.plan', { ...plan.applied, count: plan.count });
    byId('restore-go').onclick = () =>
      void this.#run(async () => {
        byId('restore').close();
        await history.restore({ seq });
        await this.#engine.sync();
        await this.showHistory();
      });
    byId('restore').showModal();
  }
}
