// A sync with nothing but the generated client: put, delete, and an upload in one chunk.
import { BookApi, Configuration, OperationApi, SyncApi } from './client';

declare const process: { argv: string[]; exitCode: number };

const basePath = process.argv[2].replace(/\/$/, '');

async function digestOf(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return `sha-256=:${btoa(String.fromCharCode(...hash))}:`;
}

function expect(what: string, seen: unknown, wanted: unknown): void {
  if (seen !== wanted) {
    throw new Error(`${what}: ${JSON.stringify(seen)} instead of ${JSON.stringify(wanted)}`);
  }
}

async function run(): Promise<void> {
  const tokens = new OperationApi(new Configuration({ basePath }));
  const { token } = await tokens.makeDevelopmentToken({ user: process.argv[3] });
  const configuration = new Configuration({ basePath, accessToken: token });
  const books = new BookApi(configuration);
  const sync = new SyncApi(configuration);

  const book = await books.getBook();
  const card = { '@type': 'Card', version: '1.0', name: { full: 'Ada Lovelace' }, phones: { k1: { number: '+44 20 7946 0958' } } };
  const put = await sync.patchContacts({
    ifMatch: `"${book.checkCode}"`,
    patch: { changes: [{ op: 'put', uid: 'ada', card, ifAbsent: true }] },
  });
  expect('put', put.applied.put, 1);
  const stored = await books.getContact({ uid: 'ada' });
  expect('card', JSON.stringify(stored.card.phones), JSON.stringify(card.phones));

  const deleted = await sync.patchContacts({
    ifMatch: `"${put.checkCode}"`,
    patch: { changes: [{ op: 'delete', uid: 'ada', ifContentHash: stored.contentHash }] },
  });
  expect('check code after put and delete', deleted.checkCode, book.checkCode);

  const opened = await sync.openUpload({
    uploadOpening: { kind: 'initial', checkBefore: deleted.checkCode, chunks: 1, contacts: 1 },
  });
  const chunk = { contacts: [{ uid: 'grace', card }] };
  const acknowledged = await sync.putChunk({
    id: opened.id, n: 1, chunk, contentDigest: await digestOf(JSON.stringify(chunk)),
  });
  const committed = await sync.commitUpload({ id: opened.id });
  expect('second check code', committed.checkCode, acknowledged.checkCode);
  expect('contacts', (await books.listContacts({})).contacts.length, 1);
  console.log('synced');
}

run().catch((failure: unknown) => {
  console.error(failure);
  process.exitCode = 1;
});
