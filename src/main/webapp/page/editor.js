/**
 * One contact: its fields, and what it was before.
 *
 * @module
 */

import { cardOf, emailsOf, nameOf, noteOf, organisationOf, phonesOf } from './card-fields.js';
import { byId, el } from './dom.js';
import { t, timeOf } from './texts.js';

const KINDS = { phones: ['mobile', 'work', 'private', 'other'], emails: ['work', 'private', 'other'] };

const READ = { name: nameOf, organisation: organisationOf, note: noteOf, phones: phonesOf, emails: emailsOf };

export class Editor {
  #engine;
  #say;
  #onDone;
  #uid;
  /** Fields as they were shown: what the person has not touched is not written. */
  #opened;
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
      void this.#save();
    });
    byId('delete-contact').addEventListener('click', () => void this.#delete());
    byId('close-contact').addEventListener('click', () => this.close());
    for (const kind of Object.keys(KINDS)) {
      byId(`add-${kind}`).addEventListener('click', () => this.#addEntry(kind, { value: '', kind: KINDS[kind][0] }).focus());
    }
    engine.addressBook.addEventListener('change', ({ detail }) => this.#follow(detail));
  }

  /** Shows a contact, or an empty form for a new one. */
  open(uid, { focus = false } = {}) {
    this.#uid = uid;
    const card = this.#engine.addressBook.cards.get(uid) ?? {};
    this.#fill(card);
    byId('detail').hidden = false;
    byId('no-detail').hidden = true;
    byId('delete-contact').hidden = uid === undefined;
    document.body.classList.add('has-detail');
    this.#versions.replaceChildren();
    byId('versions-box').hidden = uid === undefined;
    byId('versions-box').open = false;
    if (focus) {
      byId('field-name').focus();
    }
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
    const use = async () => {
      await this.#engine.addressBook.set(this.#uid, card);
      this.#say(t('saved'));
    };
    return el(
      'li',
      {},
      el('div', {}, el('strong', {}, nameOf(card) || t('nameless')), ` ${numbers}`),
      el('div', { class: 'quiet' }, t(origin === 'conflict' ? 'versions.conflict' : 'versions.until', values)),
      el('button', { type: 'button', onclick: () => void use() }, t('versions.use')),
    );
  }

  #fill(card) {
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
    const before = this.#engine.addressBook.cards.get(this.#uid);
    const fields = this.#fields();
    for (const name of Object.keys(fields)) {
      if (JSON.stringify(fields[name]) === JSON.stringify(this.#opened[name])) {
        fields[name] = READ[name](before ?? {}); // perhaps another device has changed it meanwhile
      }
    }
    const card = cardOf(before, fields);
    this.#uid = uid;
    await this.#engine.addressBook.set(uid, card);
    this.#say(t('saved'));
    this.#onDone(uid);
  }

  async #delete() {
    await this.#engine.addressBook.set(this.#uid, undefined);
    this.#say(t('deleted'));
    this.close();
    this.#onDone();
  }

  /** A change of another device shows at once, unless the person is writing. */
  #follow({ entries, by }) {
    const mine = entries.find(([uid]) => uid === this.#uid);
    if (this.#uid === undefined || mine === undefined || (by === 'others' && byId('contact-form').contains(document.activeElement))) {
      return;
    }
    if (mine[1] === undefined) {
      if (by === 'others') {
        this.close();
      }
    } else {
      this.#fill(mine[1]);
    }
  }
}
