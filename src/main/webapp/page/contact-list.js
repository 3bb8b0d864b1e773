/**
 * The list of contacts: only the rows that can be seen exist, so that 200,000 contacts scroll like 20. A listbox for keyboard and screen
 * reader.
 *
 * @module
 */

import { forEachInSlices, mergeInSlices, sortInSlices } from '../js/contact-sync/turns.js';
import { nameOf, organisationOf, phonesOf, searchTextOf } from './card-fields.js';
import { byId, el, perFrame } from './dom.js';
import { currentLanguage, t } from './texts.js';

const ROW = 56;

/** Rows above and below those that can be seen. */
const MARGIN = 6;

/** A collator's order takes too long for more. */
const MOST_COLLATED = 3_000;

export class ContactList {
  #box = byId('list');
  #rows = el('div', { class: 'rows', role: 'presentation' });
  #addressBook;
  #onChoose;
  /** Rows that exist, by uid. */
  #drawn = new Map();
  /** All rows, in the order of this language; by code units if it is `undefined`. */
  #sorted = [];
  #language;
  #shown = [];
  #active = 0;
  #chosen;
  #words = [];
  #turn = Promise.resolve();
  #draw = perFrame(() => this.#drawNow());

  constructor(addressBook, onChoose) {
    this.#addressBook = addressBook;
    this.#onChoose = onChoose;
    this.#box.replaceChildren(this.#rows);
    this.#box.addEventListener('scroll', this.#draw, { passive: true });
    this.#box.addEventListener('click', ({ target }) => this.#open(Number(target.closest('.row')?.id.slice('row-'.length) ?? -1)));
    this.#box.addEventListener('keydown', (event) => this.#key(event));
    this.#box.addEventListener('focus', this.#draw);
    new ResizeObserver(this.#draw).observe(this.#box);
    byId('search').addEventListener('input', ({ target }) => this.search(target.value));
    addressBook.addEventListener('change', ({ detail }) => this.#take(detail.entries));
    this.#take([...addressBook.cards]);
  }

  /** Shows only contacts with all these words. */
  search(text) {
    this.#words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
    this.#filter();
  }

  choose(uid) {
    this.#chosen = uid;
    if (!this.#goTo(uid)) {
      // It is being put into the list.
      void this.#turn.then(() => this.#chosen === uid && this.#goTo(uid));
    }
    this.#draw();
  }

  /** Whether the contact is in the list. */
  #goTo(uid) {
    const at = this.#shown.findIndex((row) => row.uid === uid);
    if (at >= 0) {
      this.#moveTo(at);
    }
    return at >= 0;
  }

  redraw() {
    this.#draw();
  }

  /** Takes changed cards over, in slices, one change after the other. */
  #take(entries) {
    this.#turn = this.#turn.then(async () => {
      const changed = new Map();
      await forEachInSlices(entries, ([uid]) => changed.set(uid, rowOf(uid, this.#addressBook.cards.get(uid))));
      const left = [];
      await forEachInSlices(this.#sorted, (row) => changed.has(row.uid) || left.push(row));
      await this.#sort(left, [...changed.values()].filter((row) => row !== undefined));
      this.#filter();
    });
  }

  /** The rows that were there keep their order, and the others are put between them, unless the order is another one. */
  async #sort(left, others) {
    const language = left.length + others.length <= MOST_COLLATED ? currentLanguage() : undefined;
    const compare = orderOf(language);
    const isSameOrder = language === this.#language;
    const sorted = await sortInSlices(isSameOrder ? others : [...left, ...others], compare);
    this.#sorted = isSameOrder ? await mergeInSlices(left, sorted, compare) : sorted;
    this.#language = language;
  }

  #filter() {
    const words = this.#words;
    this.#shown = words.length === 0 ? this.#sorted : this.#sorted.filter(({ text }) => words.every((word) => text.includes(word)));
    this.#active = Math.min(this.#active, Math.max(0, this.#shown.length - 1));
    this.#draw();
  }

  #drawNow() {
    const total = this.#sorted.length;
    const number = this.#shown.length;
    byId('count').textContent = this.#words.length === 0 ? t(number === 1 ? 'list.count.one' : 'list.count', { number }) : t('list.found', { number, total });
    byId('empty').textContent = number > 0 ? '' : t(total === 0 ? 'list.empty' : 'list.none');
    byId('empty').hidden = number > 0;
    this.#box.hidden = number === 0;
    this.#rows.style.height = `${number * ROW}px`;
    const first = Math.max(0, Math.floor(this.#box.scrollTop / ROW) - MARGIN);
    const last = Math.min(number, Math.ceil((this.#box.scrollTop + this.#box.clientHeight) / ROW) + MARGIN);
    this.#drawRows(first, last);
    const isVisible = this.#active >= first && this.#active < last;
    if (isVisible) {
      this.#box.setAttribute('aria-activedescendant', `row-${this.#active}`);
    } else {
      this.#box.removeAttribute('aria-activedescendant');
    }
  }

  /** A contact keeps its row while it can be seen: a click is lost if its row is another element when the button is released. */
  #drawRows(first, last) {
    const wanted = new Set(this.#shown.slice(first, last).map(({ uid }) => uid));
    for (const [uid, row] of this.#drawn) {
      if (!wanted.has(uid)) {
        row.remove();
        this.#drawn.delete(uid);
      }
    }
    let next = this.#rows.firstElementChild;
    for (let i = first; i < last; i++) {
      const row = this.#row(i);
      if (row === next) {
        next = next.nextElementSibling;
      } else {
        this.#rows.insertBefore(row, next);
      }
    }
  }

  #row(i) {
    const { uid, name, line } = this.#shown[i];
    let row = this.#drawn.get(uid);
    if (row === undefined) {
      row = el('div', { role: 'option' }, el('span', { class: 'row-name', dir: 'auto' }), el('span', { class: 'row-line', dir: 'auto' }));
      this.#drawn.set(uid, row);
    }
    row.id = `row-${i}`;
    row.className = i === this.#active ? 'row active' : 'row';
    row.style.top = `${i * ROW}px`;
    const told = { selected: uid === this.#chosen, posinset: i + 1, setsize: this.#shown.length };
    Object.entries(told).forEach(([key, value]) => row.setAttribute(`aria-${key}`, String(value)));
    [name || t('nameless'), line].forEach((text, k) => (row.children[k].textContent = text));
    return row;
  }

  #open(i) {
    const row = this.#shown[i];
    if (row !== undefined) {
      this.#active = i;
      this.#chosen = row.uid;
      this.#draw();
      this.#onChoose(row.uid);
    }
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#box.clientHeight / ROW) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in moves) {
      event.preventDefault();
      this.#moveTo(Math.min(Math.max(0, this.#active + moves[event.key]), this.#shown.length - 1));
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#open(this.#active);
    }
  }

  #moveTo(i) {
    this.#active = i;
    const top = i * ROW;
    if (top < this.#box.scrollTop) {
      this.#box.scrollTop = top;
    } else if (top + ROW > this.#box.scrollTop + this.#box.clientHeight) {
      this.#box.scrollTop = top + ROW - this.#box.clientHeight;
    }
    this.#draw();
  }
}

/** What is shown of a contact; `undefined` if there is none. */
function rowOf(uid, card) {
  if (card === undefined) {
    return undefined;
  }
  const name = nameOf(card);
  const line = [organisationOf(card), phonesOf(card)[0]?.value].filter(Boolean).join(' · ');
  return { uid, name, line, key: name.toLowerCase(), text: searchTextOf(card) };
}

/** By name, then by uid. */
function orderOf(language) {
  const { compare } = language === undefined ? { compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0) } : new Intl.Collator(language, { numeric: true });
  return (a, b) => compare(a.key, b.key) || (a.uid < b.uid ? -1 : 1);
}
