/**
 * One contact: its fields, and what it was before.
 *
 * @module
 */

import { carry } from '../js/contact-sync/carry.js';
import { cardOf, emailsOf, nameOf, noteOf, organisationOf, phonesOf } from './card-fields.js';
import { byId, el } from './dom.js';
import { t, timeOf } from './texts.js';

const KINDS = { phones: ['mobile', 'work', 'private', 'other'], emails: ['work', 'private', 'other'] };

export class Editor {
  #engine;
  #say;
  #onDone;
  #uid;
  /** The card and its fields as they were shown: what the person has not touched is not written. */
  #card;
  #opened;
  /** What the person wants to do while there are changes that are not saved. */
  #next = () => {};
  #versions = byId('versions');

  /**
   * @param {Engine} engine
   * @param {(text: string) => void} say tells the person
   * @param {(uid?: string) => void} onDone after a change
   */
  constructor(engine, say, onDone) {
    this.#engine = engine;
    this.#say = say;
    this.#onDone = onDone;
    byId('contact-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#tell(this.#save());
    });
    byId('delete-contact').addEventListener('click', () => this.#tell(this.#delete()));
    byId('close-contact').addEventListener('click', () => this.#afterAsking(() => this.close()));
    byId('discard-cancel').addEventListener('click', () => byId('discard').close());
    byId('discard-go').addEventListener('click', () => {
      byId('discard').close();
      this.#next();
    });
    addEventListener('beforeunload', (event) => this.#isDirty() && event.preventDefault());
    for (const kind of Object.keys(KINDS)) {
      byId(`add-${kind}`).addEventListener('click', () => this.#addEntry(kind, { value: '', kind: KINDS[kind][0] }).focus());
    }
    engine.addressBook.addEventListener('change', ({ detail }) => this.#follow(detail));
  }

  /** Shows a contact, or an empty form for a new one; asks before changes are lost that are not saved. */
  open(uid, options = {}) {
    this.#afterAsking(() => this.#open(uid, options));
  }

  /** Does what ends the page, after asking what becomes of changes that are not saved. */
  beforeLeaving(work) {
    this.#afterAsking(() => {
      if (!byId('detail').hidden) {
        this.close();
      }
      work();
    });
  }

  #afterAsking(work) {
    if (!this.#isDirty()) {
      work();
      return;
    }
    this.#next = work;
    this.#onDone(this.#uid); // it stays chosen
    byId('discard').showModal();
  }

  #isDirty() {
    return !byId('detail').hidden && JSON.stringify(this.#fields()) !== JSON.stringify(this.#opened);
  }

  #open(uid, { focus = false }) {
    this.#uid = uid;
    this.#fill(this.#engine.addressBook.cards.get(uid));
    byId('detail').hidden = false;
    byId('no-detail').hidden = true;
    document.body.classList.add('has-detail');
    this.#versions.replaceChildren();
    byId('versions-box').open = false;
    if (focus) {
      byId('field-name').focus();
    }
  }

  /** Shows the person if something could not be stored. */
  #tell(work) {
    work.catch((error) => this.#say(t('problem', { detail: error.message })));
  }

  /** After the language was changed. */
  relabel() {
    for (const kind of Object.keys(KINDS)) {
      [...byId(kind).children].forEach((row, i) => this.#label(row, kind, i + 1));
    }
  }

  #label(row, kind, n) {
    row.querySelector('input').setAttribute('aria-label', t(kind === 'phones' ? 'field.phone' : 'field.email', { n }));
    row.querySelector('select').setAttribute('aria-label', t('field.kind', { n }));
    [...row.querySelectorAll('option')].forEach((option) => (option.textContent = t(`kind.${option.value}`)));
  }

  close() {
    this.#uid = undefined;
    byId('detail').hidden = true;
    byId('no-detail').hidden = false;
    document.body.classList.remove('has-detail');
    byId('list').focus();
  }

  /** Reads the earlier versions when they are asked for. */
  async showVersions() {
    const uid = this.#uid;
    if (uid === undefined || !byId('versions-box').open) {
      return;
    }
    const versions = await this.#engine.book.history.versions(uid, { limit: 20 });
    if (uid === this.#uid) {
      const rows = versions.map((version) => this.#version(version));
      this.#versions.replaceChildren(...(rows.length > 0 ? rows : [el('li', {}, t('versions.none'))]));
    }
  }

  #version({ card, endedAt, endedBy, origin }) {
    const values = { at: timeOf(endedAt), device: endedBy ?? t('unknown.device') };
    const numbers = phonesOf(card).map(({ value }) => value).join(', ');
    const use = () => this.#afterAsking(() => this.#tell(this.#store(card)));
    return el(
      'li',
      {},
      el('div', {}, el('bdi', {}, nameOf(card) || t('nameless')), ` ${numbers}`),
      el('div', { class: 'quiet' }, t(origin === 'conflict' ? 'versions.conflict' : 'versions.until', values)),
      el('button', { type: 'button', onclick: use }, t('versions.use')),
    );
  }

  #fill(shown) {
    const card = shown ?? {};
    this.#card = shown;
    byId('delete-contact').hidden = this.#uid === undefined;
    byId('versions-box').hidden = this.#uid === undefined;
    byId('form-news').textContent = '';
    byId('field-name').value = nameOf(card);
    byId('field-organisation').value = organisationOf(card);
    byId('field-note').value = noteOf(card);
    for (const [kind, entries] of [['phones', phonesOf(card)], ['emails', emailsOf(card)]]) {
      byId(kind).replaceChildren();
      (entries.length > 0 ? entries : [{ value: '', kind: KINDS[kind][0] }]).forEach((entry) => this.#addEntry(kind, entry));
    }
    this.#opened = this.#fields();
  }

  #addEntry(kind, { id, value, kind: chosen }) {
    const n = byId(kind).childElementCount + 1;
    const input = el('input', { type: kind === 'phones' ? 'tel' : 'email', maxlength: 400, autocomplete: 'off' });
    input.value = value;
    const select = el('select', {}, ...KINDS[kind].map((each) => el('option', { value: each })));
    select.value = KINDS[kind].includes(chosen) ? chosen : 'other';
    const row = el('div', { class: 'entry' }, input, select);
    row.dataset.id = id ?? '';
    this.#label(row, kind, n);
    byId(kind).append(row);
    return input;
  }

  #entries(kind) {
    return [...byId(kind).children].map((row) => ({
      id: row.dataset.id || undefined,
      value: row.querySelector('input').value.trim(),
      kind: row.querySelector('select').value,
    }));
  }

  #fields() {
    return {
      name: byId('field-name').value.trim(),
      organisation: byId('field-organisation').value.trim(),
      note: byId('field-note').value.trim(),
      phones: this.#entries('phones'),
      emails: this.#entries('emails'),
    };
  }

  async #save() {
    const uid = this.#uid ?? `urn:uuid:${crypto.randomUUID()}`;
    const edited = cardOf(this.#card, this.#fields());
    if (this.#card === undefined && nameOf(edited) === '' && noteOf(edited) === '') {
      this.#say(t('save.empty'));
      byId('field-name').focus();
      return;
    }
    // Another device may have changed it meanwhile; if it has deleted it, all that the form shows is there again.
    const now = this.#engine.addressBook.cards.get(uid);
    const card = now === undefined ? edited : carry(this.#card ?? {}, edited, now);
    this.#uid = uid;
    await this.#store(card);
    this.#onDone(uid);
  }

  async #store(card) {
    await this.#engine.addressBook.set(this.#uid, card);
    this.#say(t(this.#engine.canSend ? 'saved' : 'saved.here'));
  }

  async #delete() {
    await this.#engine.addressBook.set(this.#uid, undefined);
    this.#say(t('deleted'));
    this.close();
    this.#onDone();
  }

  /** A change of another device shows at once, unless the person is writing: then it is told. */
  #follow({ entries, by }) {
    const mine = entries.find(([uid]) => uid === this.#uid);
    if (this.#uid === undefined || mine === undefined || (by === 'person' && mine[1] === undefined)) {
      return;
    }
    const isWriting = document.activeElement?.matches('#contact-form :is(input, select, textarea)') || this.#isDirty();
    if (by === 'others' && isWriting) {
      byId('form-news').textContent = t(mine[1] === undefined ? 'news.deleted' : 'news.changed');
    } else if (mine[1] === undefined) {
      this.close();
    } else {
      this.#fill(mine[1]);
    }
  }
}
