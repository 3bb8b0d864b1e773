/**
 * What only a person can decide: conflicts, and deletions of most of a book.
 *
 * @module
 */

import { emailsOf, merged, nameOf, noteOf, organisationOf, phonesOf } from './card-fields.js';
import { byId, el, perFrame } from './dom.js';
import { t } from './texts.js';

/** Conflicts that are listed; the next ones follow when these are decided. */
const MOST_LISTED = 50;

export class Decisions {
  #engine;
  #shown = '';
  #draw = perFrame(() => this.#drawNow());

  constructor(engine) {
    this.#engine = engine;
    engine.addEventListener('state', this.#draw);
    byId('confirm-go').addEventListener('click', () => {
      byId('confirm').close();
      void engine.sync({ confirmDeletes: true });
    });
    byId('confirm-cancel').addEventListener('click', () => byId('confirm').close());
    byId('conflict-cancel').addEventListener('click', () => byId('conflict').close());
    this.#draw();
  }

  redraw() {
    this.#shown = '';
    this.#draw();
  }

  #drawNow() {
    const { conflicts, confirm } = this.#engine.state;
    const shown = conflicts.join(' ');
    if (shown !== this.#shown) {
      this.#shown = shown;
      byId('conflicts-box').hidden = conflicts.length === 0;
      byId('conflicts').replaceChildren(...conflicts.slice(0, MOST_LISTED).map((uid) => this.#row(uid)));
    }
    if (confirm !== undefined && !byId('confirm').open) {
      byId('confirm-text').textContent = t(confirm.side === 'address-book' ? 'confirm.here' : 'confirm.there', confirm);
      this.#engine.state.confirm = undefined;
      byId('confirm').showModal();
    }
  }

  #row(uid) {
    const card = this.#engine.addressBook.cards.get(uid) ?? {};
    return el(
      'li',
      {},
      el('bdi', {}, nameOf(card) || t('nameless')),
      el('button', { type: 'button', onclick: () => void this.#open(uid) }, t('conflicts.decide')),
    );
  }

  async #open(uid) {
    const { addressBook, book, synchroniser } = this.#engine;
    const mine = addressBook.cards.get(uid);
    const theirs = await book.contact(uid);
    if (mine === undefined || theirs === undefined) {
      await this.#engine.sync(); // it is no conflict any more
      return;
    }
    byId('conflict-sides').replaceChildren(side('conflict.mine', mine, theirs.card), side('conflict.theirs', theirs.card, mine));
    const decide = async (card) => {
      byId('conflict').close();
      await synchroniser.resolve(uid, theirs.contentHash);
      if (card === mine) {
        await this.#engine.sync();
      } else {
        await addressBook.set(uid, card);
      }
    };
    byId('conflict-keep').onclick = () => void decide(mine);
    byId('conflict-take').onclick = () => void decide(theirs.card);
    byId('conflict-both').onclick = () => void decide(merged(mine, theirs.card));
    byId('conflict').showModal();
  }
}

/** One side, with what differs marked. */
function side(key, card, other) {
  const rows = [
    ['field.name', nameOf], ['field.organisation', organisationOf], ['field.phones', (each) => phonesOf(each).map(({ value }) => value).join('\n')],
    ['field.emails', (each) => emailsOf(each).map(({ value }) => value).join('\n')], ['field.note', noteOf],
  ];
  return el(
    'section',
    { class: 'side' },
    el('h3', {}, t(key)),
    el(
      'dl',
      {},
      ...rows.flatMap(([name, read]) => {
        const differs = read(card) !== read(other);
        const value = read(card) || '–';
        return [el('dt', {}, t(name)), el('dd', { class: differs ? 'differs' : undefined, dir: 'auto' }, differs ? el('mark', {}, value) : value)];
      }),
    ),
  );
}
