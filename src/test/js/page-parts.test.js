/** Parts of the web page that need no browser: fields of cards, parts of files, the page's own check code, texts. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { CheckCodes, ServerProblem, ServerUnreachable, cardFlaws, checkCodeOf } from '../../main/webapp/js/contact-sync/index.js';
import { cardOf, emailsOf, merged, nameOf, noteOf, organisationOf, phonesOf, searchTextOf } from '../../main/webapp/page/card-fields.js';
import { unsent } from '../../main/webapp/page/devices.js';
import { dropFile, forgottenFiles, sendFile } from '../../main/webapp/page/imports.js';
import { OwnCode } from '../../main/webapp/page/own-code.js';
import { samples } from '../../main/webapp/page/samples.js';
import { EN } from '../../main/webapp/page/texts-en.js';
import { ZH } from '../../main/webapp/page/texts-zh.js';
import { partsOf } from '../../main/webapp/page/vcard-parts.js';
import { FakeService } from './fake-service.js';
import { MemoryAddressBook, phoneOf } from './phone.js';
import { bigContact, treeContact } from './vectors.js';

const PAGE = new URL('../../main/webapp/page/', import.meta.url);

function fieldsOf(card) {
  return { name: nameOf(card), organisation: organisationOf(card), note: noteOf(card), phones: phonesOf(card), emails: emailsOf(card) };
}

test('a form that is saved unchanged changes nothing, whatever is in the card', () => {
  const strange = [
    {}, { name: 'x' }, { phones: { k1: 'x', k2: { number: 5 } } }, { name: { components: [{ kind: 'given', value: 'Ada' }] } },
    { phones: { k10: { number: '2' }, k2: { number: '1', features: { mobile: true, voice: true }, pref: 1 } } },
  ];
  for (const card of [...strange, bigContact(3).card, treeContact(4).card, samples(1)[0].card]) {
    const saved = cardOf(card, fieldsOf(card));
    if (card.name !== 'x' && card.phones?.k1 !== 'x') {
      assert.deepEqual(saved, card);
    }
  }
});

test('an edit keeps ids, and everything that the form does not show', () => {
  const card = {
    '@type': 'Card', version: '1.0', name: { full: 'Ada King', components: [{ kind: 'given', value: 'Ada' }] }, anniversaries: { a: { kind: 'birth' } },
    phones: { k3: { number: '1', features: { mobile: true }, pref: 1 }, x: { number: '2', contexts: { work: true }, label: 'Desk' } },
  };
  const [x, k3] = phonesOf(card);
  assert.deepEqual([x.id, k3.id, x.kind, k3.kind], ['x', 'k3', 'work', 'mobile']);

  const saved = cardOf(card, { ...fieldsOf(card), name: 'Ada Byron', phones: [{ ...x, kind: 'private' }, { value: '9', kind: 'other' }], emails: [{ value: 'a@example.com', kind: 'work' }] });

  assert.deepEqual(saved.name, { full: 'Ada Byron' });
  assert.deepEqual(saved.phones, { x: { number: '2', contexts: { private: true }, label: 'Desk' }, k4: { number: '9' } });
  assert.deepEqual(saved.emails, { k1: { address: 'a@example.com', contexts: { work: true } } });
  assert.deepEqual(saved.anniversaries, card.anniversaries);
  assert.deepEqual(cardFlaws(saved), []);
});

test('both sides of a conflict keep their numbers', () => {
  const mine = { name: { full: 'Ada' }, phones: { k1: { number: '1' } }, notes: { k1: { note: 'here' } } };
  const theirs = { name: { full: 'Ada K' }, phones: { k1: { number: '2' }, k2: { number: '1' } }, notes: { k1: { note: 'there' } }, organizations: { k1: { name: 'Org' } } };

  const card = merged(mine, theirs);

  assert.deepEqual([nameOf(card), organisationOf(card), noteOf(card)], ['Ada', 'Org', 'here\nthere']);
  assert.deepEqual(phonesOf(card).map(({ value }) => value), ['1', '2']);
});

test('the search finds numbers without their signs', () => {
  assert.ok(searchTextOf({ phones: { k1: { number: '+44 (20) 79-46' } } }).includes('+44207946'));
});

test('a file is cut between vCards, and each gets a UID; bytes stay as they are', async () => {
  const encoder = new TextEncoder();
  const one = (n, extra = '') => `BEGIN:VCARD\r\nVERSION:2.1\r\n${extra}N:Name ${n}\r\nEND:VCARD\r\n`;
  const text = Array.from({ length: 1_203 }, (_, n) => one(n, n === 5 ? 'item1.UID:mine\r\n' : '')).join('');
  const parts = await partsOf(encoder.encode(`\r\n${text}`));

  assert.deepEqual(parts.map(({ contacts }) => contacts), [500, 500, 203]);
  const joined = parts.map(({ bytes }) => new TextDecoder().decode(bytes)).join('');
  assert.equal(joined.replace(/UID:urn:uuid:[0-9a-f-]{36}\r\n/g, ''), text);
  assert.equal(joined.match(/^UID:/gm).length, 1_202);
  const latin = Uint8Array.from([...encoder.encode('BEGIN:VCARD\nUID:x\nFN:'), 0xe4, 10, ...encoder.encode('BEGIN:VCARD\nEND:VCARD\nEND:VCARD')]);
  assert.deepEqual((await partsOf(latin)).map(({ contacts, bytes }) => [contacts, bytes]), [[1, latin]]);
  assert.equal((await partsOf(encoder.encode('BEGIN:VCARD\nFN:cut'))).length, 1);
  assert.deepEqual(await partsOf(encoder.encode('hello')), []);
});

test("the page's own code follows each change", async () => {
  const checkKey = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
  const contacts = samples(30);
  const own = new OwnCode(await CheckCodes.of(checkKey));
  const [first, second] = await Promise.all([
    own.follow(contacts.map(({ uid, card }) => [uid, card])),
    own.follow([[contacts[0].uid, undefined], [contacts[1].uid, { name: { full: 'x' } }], ['new', contacts[0].card]]),
  ]);

  assert.equal(first, await checkCodeOf(checkKey, contacts));
  const now = [{ uid: contacts[1].uid, card: { name: { full: 'x' } } }, ...contacts.slice(2), { uid: 'new', card: contacts[0].card }];
  assert.equal(second, await checkCodeOf(checkKey, now));
  assert.equal(own.count, 30);
});

test('both languages have the same texts with the same values, and the page uses no other', () => {
  assert.deepEqual(Object.keys(ZH), Object.keys(EN));
  const values = (text) => [...new Set(text.match(/\{\w+\}/g))].sort();
  for (const [key, text] of Object.entries(EN)) {
    assert.deepEqual(values(ZH[key]), values(text), key);
  }
  const sources = readdirSync(PAGE).filter((name) => /^(?!texts).*\.js$/.test(name)).map((name) => readFileSync(new URL(name, PAGE), 'utf8'));
  sources.push(readFileSync(new URL('../WEB-INF/page.html', PAGE), 'utf8'));
  const used = sources.flatMap((text) => [...text.matchAll(/\bt\('([^'$]+)'|data-(?:text|label|hint)="([^"]+)"|'((?:log|field|codes|figure|kind)\.[a-z]+)'/g)].map((found) => found[1] ?? found[2] ?? found[3]));
  assert.ok(used.length > 100);
  assert.deepEqual(used.filter((key) => !Object.hasOwn(EN, key)), []);
});

test('the page has no inline script, no inline style and nothing from elsewhere', () => {
  const html = readFileSync(new URL('../WEB-INF/page.html', PAGE), 'utf8');
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|https?:\/\//);
  for (const name of readdirSync(PAGE)) {
    const text = readFileSync(new URL(name, PAGE), 'utf8');
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|@import|url\(/, name);
    assert.ok(text.split('\n').length <= 301, name);
  }
});

test('what the service does not have yet is counted: changes, additions, deletions, contacts that cannot be sent, files', async () => {
  const service = await FakeService.create();
  const { store, sync } = phoneOf(service);
  const book = new MemoryAddressBook([0, 1, 2, 3].map(treeContact));
  const page = { cards: book.contacts, contactsToImport: async () => 0 };
  assert.equal(await unsent(page, store), 4);
  await sync(book);
  assert.equal(await unsent(page, store), 0);

  book.contacts.set(treeContact(0).uid, { name: { full: 'changed' } });
  book.contacts.set('new', { name: { full: 'new' } });
  book.contacts.set('flawed', { name: null });
  book.contacts.delete(treeContact(1).uid);
  await service.book.apply({ changes: [{ op: 'put', uid: treeContact(2).uid, card: { name: { full: 'theirs' } } }] }, service.book.checkCode);

  assert.equal(await unsent({ ...page, contactsToImport: async () => 3 }, store), 7);
});

/** The files of an address book, in memory. */
function filesOf(...parts) {
  const kept = new Map(parts.map((part, i) => [i, { contacts: 2, bytes: Uint8Array.of(i), idempotencyKey: `key-${i}`, ...part }]));
  return {
    kept,
    files: async () => (kept.size === 0 ? [] : ['f1']),
    parts: async () => [...kept].map(([i, part]) => ({ key: i, ...part })),
    dropPart: async (key) => kept.delete(key),
  };
}

test('parts of a file go one after the other, each with its own key; what is interrupted goes on with the same keys', async () => {
  const started = [];
  let isDown = false;
  const tasks = {
    start: async (path, { key, body }) => {
      started.push([path, key, body[0]]);
      if (key === 'key-2' && isDown) {
        throw new ServerUnreachable('no answer');
      }
      return key;
    },
    finished: async (key) => {
      if (key === 'key-1') {
        throw new ServerProblem({ status: 422, code: 'invalid-contacts' });
      }
      return { imported: { refused: key === 'key-0' ? 1 : 0 } };
    },
  };
  const book = filesOf({}, {}, {});
  const progress = [];
  isDown = true;
  await assert.rejects(sendFile(book, { tasks }, 'f1', { onProgress: ({ done, total }) => progress.push(`${done} of ${total}`) }), ServerUnreachable);
  assert.deepEqual([...book.kept.keys()], [2]);
  assert.deepEqual(progress, ['0 of 6', '2 of 6', '4 of 6']);

  isDown = false;
  assert.deepEqual(await sendFile(book, { tasks }, 'f1'), { contacts: 2, refused: 0 });

  assert.deepEqual(started.map(([, key]) => key), ['key-0', 'key-1', 'key-2', 'key-2']);
  assert.ok(started.every(([path, key, body]) => path === '/v1/book/import' && key === `key-${body}`));
  assert.equal(book.kept.size, 0);
});

test('what the service could not read is counted once', async () => {
  const tasks = {
    start: async () => 'task',
    finished: async () => {
      throw new ServerProblem({ status: 422, code: 'invalid-contacts' });
    },
  };
  assert.deepEqual(await sendFile(filesOf({}, { contacts: 3 }), { tasks }, 'f1'), { contacts: 0, refused: 5 });
});

test('what is left of a file can be dropped', async () => {
  const book = filesOf({}, {});
  await dropFile(book, 'f1');
  assert.equal(book.kept.size, 0);
});

test('a file that no task imports is found, and one that a task imports is not', async () => {
  const task = (kind, file) => ({ kind, options: file === undefined ? {} : { file } });
  assert.deepEqual(await forgottenFiles(filesOf({}), [task('sync'), task('import', 'f2')]), ['f1']);
  assert.deepEqual(await forgottenFiles(filesOf({}), [task('import', 'f1')]), []);
  assert.deepEqual(await forgottenFiles(filesOf(), []), []);
});
