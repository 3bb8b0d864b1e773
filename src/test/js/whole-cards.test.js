/** Address books that show less than they were given, or something else: nothing is lost elsewhere, and no edit either. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carry } from '../../main/webapp/js/contact-sync/carry.js';
import { MemoryStore } from '../../main/webapp/js/contact-sync/store.js';
import { FakeService } from './fake-service.js';
import { MemoryAddressBook, phoneOf, serverCards } from './phone.js';

const UID = 'contact-1';
const CARD = {
  '@type': 'Card', version: '1.0', name: { full: 'Ada King' }, anniversaries: { a: { kind: 'birth' } }, notes: { n: { note: 'met in 1833' } },
  phones: { k1: { number: '+44 20 7946', features: { mobile: true }, label: 'Desk' } },
};

/** Keeps names and numbers only, and writes numbers without spaces. */
class SmallAddressBook extends MemoryAddressBook {
  constructor({ tells = true } = {}) {
    super();
    this.tells = tells;
  }

  apply(changes) {
    const shown = changes.map((each) => (each.op === 'put' ? { ...each, card: this.form(each.card) } : each));
    const left = super.apply(shown);
    const told = shown.filter(({ op, uid }) => op === 'put' && !left.includes(uid)).map(({ uid, card }) => ({ uid, card }));
    return this.tells ? [...left, ...told] : left;
  }

  form({ name, phones = {} }) {
    const numbers = Object.entries(phones).map(([id, { number }]) => [id, { number: this.tells ? number.replaceAll(' ', '') : number }]);
    return { name, phones: Object.fromEntries(numbers) };
  }
}

async function smallAndWhole(options) {
  const service = await FakeService.create();
  const [phone, tablet] = [phoneOf(service), phoneOf(service)];
  const [small, whole] = [new SmallAddressBook(options), new MemoryAddressBook([{ uid: UID, card: CARD }])];
  await tablet.sync(whole);
  assert.equal((await phone.sync(small)).kind, 'agreed');
  const meet = async ({ mayAsk = false } = {}) => {
    for (const [each, book] of [[phone, small], [tablet, whole], [phone, small]]) {
      const result = await each.sync(book, { confirmDeletes: true });
      assert.equal(result.kind, 'agreed');
      assert.ok(mayAsk || result.conflicts.length === 0);
    }
  };
  return { service, phone, tablet, small, whole, meet };
}

for (const tells of [true, false]) {
  const says = tells ? 'says what it shows' : 'does not say what it shows';
  test(`a book that ${says}: its form is no edit`, async () => {
    const { service, phone, small, meet } = await smallAndWhole({ tells });
    const { seq } = service.book;
    await meet();
    await phone.push(small.read());

    assert.equal(service.book.seq, seq);
    assert.deepEqual(serverCards(service).get(UID), CARD);
  });

  test(`a book that ${says}: an edit reaches the others, with everything that the book does not show`, async () => {
    const { service, small, whole, meet } = await smallAndWhole({ tells });
    small.contacts.set(UID, { name: { full: 'Ada Lovelace' }, phones: { k1: { number: '1' }, k2: { number: '2' } } });
    await meet();
    const edited = { ...CARD, name: { full: 'Ada Lovelace' }, phones: { k1: { ...CARD.phones.k1, number: '1' }, k2: { number: '2' } } };
    assert.deepEqual(serverCards(service).get(UID), edited);

    whole.contacts.set(UID, { ...edited, notes: { n: { note: 'changed there' } } });
    await meet();
    small.contacts.set(UID, { name: { full: 'Ada Lovelace' }, phones: { k2: { number: '2' } } });
    await meet();
    assert.deepEqual(serverCards(service).get(UID), { ...edited, notes: { n: { note: 'changed there' } }, phones: { k2: { number: '2' } } });
  });

  test(`a book that ${says} is stopped at every step: nothing is lost elsewhere`, async () => {
    for (let last = 0; ; last++) {
      const { service, phone, small, whole, tablet, meet } = await smallAndWhole({ tells });
      const changed = { ...CARD, name: { full: 'Ada There' }, notes: { n: { note: 'changed there' } } };
      whole.contacts.set(UID, changed);
      whole.contacts.set('contact-2', CARD);
      await tablet.sync(whole);
      let steps = 0;
      const step = async (work) => {
        if (++steps > last) {
          throw new Error('the program has ended');
        }
        return work();
      };
      const store = new Proxy(phone.store, { get: (it, name) => (...given) => step(() => it[name](...given)) });
      const dying = phoneOf(service, { store });
      const book = { read: () => small.read(), apply: (changes) => step(async () => {
        const said = small.apply(changes);
        await step(() => {});
        return said;
      }) };
      const hasEnded = await dying.sync(book).then(() => false, (error) => /has ended/.test(error.message) || Promise.reject(error));
      await meet({ mayAsk: tells }); // killed before it said that it writes numbers in its own way, a person is asked

      assert.deepEqual([...serverCards(service)], [[UID, changed], ['contact-2', CARD]], `stopped after ${last}`);
      assert.equal(small.contacts.get(UID).name.full, 'Ada There');
      if (!hasEnded) {
        assert.ok(last > 8);
        break;
      }
      assert.ok(last < 100);
    }
  });
}

test('a contact that a person changes while it arrives keeps what is not shown, and waits for a decision', async () => {
  const { service, phone, tablet, small, whole } = await smallAndWhole();
  whole.contacts.set(UID, { ...CARD, name: { full: 'Ada There' } });
  await tablet.sync(whole);
  const mine = { name: { full: 'Ada Here' }, phones: { k1: { number: '+44207946' } } };
  small.onApply = () => small.contacts.set(UID, mine);

  assert.deepEqual((await phone.sync(small)).conflicts, [UID]);
  await phone.sync(small, { onConflict: 'keep' });

  assert.deepEqual(serverCards(service).get(UID), { ...CARD, name: { full: 'Ada Here' } });
});

test('a contact that is deleted, here or there, is deleted, and its form is forgotten', async () => {
  const { service, phone, small, whole, meet } = await smallAndWhole();
  assert.equal((await phone.store.forms()).size, 1);
  small.contacts.delete(UID);
  await meet();
  await phone.sync(small);

  assert.deepEqual([service.book.contacts.size, whole.contacts.size, (await phone.store.forms()).size], [0, 0, 0]);
});

test('a book that keeps cards costs nothing, and needs no forms', async () => {
  const { service } = await smallAndWhole();
  const bare = () => Object.assign(new MemoryStore(), { forms: undefined });
  const phone = phoneOf(service, { store: bare() });
  const exact = new MemoryAddressBook();
  exact.keepsCards = true;
  await phone.sync(exact);

  assert.deepEqual(exact.contacts.get(UID), CARD);
  await assert.rejects(phoneOf(service, { store: bare() }).sync(new MemoryAddressBook()), TypeError);
});

test('an entry under the key of one that is not shown: both are kept; names are members like any other', () => {
  const whole = JSON.parse('{"emails":{"k1":{"address":"hidden"}},"constructor":"a","__proto__":{"b":1},"keywords":{"x":true}}');

  const carried = carry({}, { emails: { k1: { address: 'new' } }, keywords: { y: true } }, whole);

  assert.deepEqual(carried.emails, { k1: { address: 'new' }, 'k1-2': { address: 'hidden' } });
  assert.deepEqual(carried.keywords, { x: true, y: true });
  assert.deepEqual([Object.hasOwn(carried, '__proto__'), carried.constructor], [true, 'a']);
  assert.equal(Object.getPrototypeOf(carried), Object.prototype);
});
