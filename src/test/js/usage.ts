// Compiled, not run: a strict program uses everything that the client exports.
import {
  Book,
  BookDigest,
  CheckCodes,
  DigestTree,
  IndexedDbStore,
  InvalidContact,
  MalformedJson,
  MemoryStore,
  ServerProblem,
  Synchroniser,
  TaskQueue,
  canonicalText,
  cardFlaws,
  checkCodeOf,
  developmentToken,
  differingPrefixes,
  digestOf,
  isCheckCode,
  planUpload,
  put,
  readContact,
  remove,
  sendUpload,
  type AddressBook,
  type Arrival,
  type BookState,
  type Card,
  type Change,
  type Contact,
  type Flaw,
  type Head,
  type KeptCard,
  type PushEvent,
  type PushResult,
  type QueueEvent,
  type Store,
  type TaskResult,
} from '../../main/webapp/js/contact-sync/index.js';

export async function codes(checkKey: string, contacts: Contact[], signal: AbortSignal): Promise<string> {
  const whole: string = await checkCodeOf(checkKey, contacts, { signal, onProgress: (done: number) => void done });
  const hashes = await CheckCodes.of(checkKey);
  const tree = new DigestTree();
  let digest = BookDigest.EMPTY;
  for (const { uid, contentHash, entry } of await hashes.hashes(contacts)) {
    digest = digest.plus(entry);
    tree.add(await hashes.position(uid), await hashes.entry(uid, contentHash));
  }
  const prefixes: string[] = await differingPrefixes(hashes, tree.nodes('', 2), new Map<string, string>());
  const sum: bigint = digestOf([{ entry: 1n }]).sum + BigInt(prefixes.length);
  return isCheckCode(whole) ? `${whole} ${sum}` : await hashes.checkCode(digest);
}

export function flaws(text: string): Flaw[] {
  const card: Card = { name: { full: 'Ada' }, list: [1, true, 'x'] };
  // @ts-expect-error a card contains no null
  const wrong: Card = { name: null };
  try {
    return cardFlaws(readContact(text).card).concat(cardFlaws(wrong), canonicalText(card) === '' ? [] : []);
  } catch (error) {
    if (error instanceof InvalidContact) {
      return error.flaws;
    }
    throw error instanceof MalformedJson ? new RangeError(String(error.position)) : error;
  }
}

export async function bothWays(book: Book, store: Store, contacts: Map<string, Card>, signal: AbortSignal): Promise<number> {
  const addressBook: AddressBook = {
    read: () => [...contacts].map(([uid, card]): Contact => ({ uid, card })),
    apply: (changes: Arrival[]) =>
      changes.forEach((change) => void (change.op === 'put' ? contacts.set(change.uid, change.card) : contacts.delete(change.uid))),
  };
  const synchroniser = new Synchroniser({ book, store, account: 'ada' });
  for await (const state of book.events({ signal, onConnection: (isConnected: boolean) => void isConnected })) {
    const said: BookState = state;
    const result = await synchroniser.sync(addressBook, { onConflict: 'ask', signal });
    if (result.kind === 'agreed' && result.conflicts[0] !== undefined && result.received.put > 0) {
      await synchroniser.resolve(result.conflicts[0], '0'.repeat(64));
    }
    const [latest] = (await book.history.changes({ limit: 1 })).changes;
    const [deleted] = await book.history.trash({ most: 1 });
    if (latest !== undefined && deleted !== undefined && (await book.history.plan({ seq: latest.seq })).applied.deleted === 0) {
      return (await book.history.undelete(deleted.uid)).seq + (await book.history.restore({ checkCode: said.checkCode })).seq;
    }
  }
  return 0;
}

export async function sync(contacts: Contact[], signal: AbortSignal): Promise<string> {
  const token = await developmentToken('http://localhost:9080', 'ada');
  const book = new Book({ server: 'http://localhost:9080', token: ({ refused }) => (refused ? '' : (token ?? '')), device: 'laptop' });
  const head: Head = await book.head(signal);
  const hashes = await CheckCodes.of(head.checkKey);
  const changes: Change[] = contacts.map(({ uid, card }) => put(uid, card, null));
  changes.push(remove('gone', '0'.repeat(64)));
  try {
    const task = await book.tasks.patch({ changes, checkBefore: head.checkCode, key: crypto.randomUUID(), onMismatch: 'rebase', priority: 'user' });
    const result: TaskResult = await book.tasks.finished(task, { signal, onWaiting: (ahead: number) => void ahead });
    return result.checkCode;
  } catch (error) {
    if (error instanceof ServerProblem && error.code === 'check-code-mismatch') {
      const plan = await planUpload({ codes: hashes, kind: 'initial', checkBefore: head.checkCode, changes, limits: await book.capabilities() });
      const sent = await sendUpload(book, plan, { key: crypto.randomUUID(), onAcknowledged: ({ acknowledged, total }) => void (acknowledged / total) });
      return sent.checkCode;
    }
    throw error;
  }
}

export async function read(book: Book, codes: CheckCodes): Promise<number> {
  const contents = await book.contents(codes);
  const feed = await book.changes(0);
  const { nodes } = await book.nodes({ depth: 1 });
  const entries = await book.entries([...nodes.keys()]);
  for await (const page of book.pages({ limit: 10 })) {
    page.contacts.forEach(({ uid, card, contentHash }) => void [uid, card, contentHash]);
  }
  return (contents?.contacts.length ?? 0) + (feed?.changes.length ?? 0) + (entries?.entries.size ?? 0);
}

export async function keep(book: Book, contacts: () => Promise<Contact[]>, signal: AbortSignal): Promise<void> {
  const stores: Store[] = [new MemoryStore(), await IndexedDbStore.open('ada', indexedDB)];
  const store = stores[1] ?? new MemoryStore();
  const onProgress = (event: PushEvent) => void (event.kind === 'acknowledged' ? event.acknowledged / event.total : 0);
  const synchroniser = new Synchroniser({ book, store, account: 'ada', onProgress });
  const queue = new TaskQueue({
    store,
    account: 'ada',
    run: async ({ options, priority }, { signal: end }) => synchroniser.push(await contacts(), { ...options, priority, signal: end }),
    onChange: ({ kind, task, result }: QueueEvent) => void [kind, task.state, result],
  });
  await queue.add({ kind: 'push', options: { onConflict: 'server' }, priority: 'user' });
  const result: PushResult = await synchroniser.push(await contacts(), { notVisible: ['a'], signal });
  if (result.kind === 'needs-confirmation') {
    await queue.add({ kind: 'push', options: { confirmDeletes: result.deletes < result.count } });
  } else if (result.kind === 'agreed') {
    const kept: KeptCard[] = await store.conflicts();
    kept.filter(({ uid }) => result.conflicts.includes(uid)).forEach((each) => void store.dropConflict(each));
  }
  await queue.work({ signal });
}
