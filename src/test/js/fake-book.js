/** A book as the service keeps it, in memory: what a task does to it (protocol 4.3, §8 and §9). Proven by `service-contract.js`. */
import { canonicalText, cardFlaws, uidFlaw } from '../../main/webapp/js/contact-sync/card.js';
import { BookDigest, CheckCodes, digestOf } from '../../main/webapp/js/contact-sync/check-code.js';
import { toBase64Url } from '../../main/webapp/js/contact-sync/bytes.js';

const MOST_MISSED = 100;

/** A refusal: status, code and own members of a problem. */
export class Refusal extends Error {
  constructor(status, code, members = {}) {
    super(code);
    Object.assign(this, { status, code, members });
  }
}

export class FakeBook {
  contacts = new Map();
  tombstones = new Map();
  seq = 0;
  changesFrom = 0;
  digest = BookDigest.EMPTY;
  seqOfCode = new Map();

  static async create(keyBytes = crypto.getRandomValues(new Uint8Array(32))) {
    const book = new FakeBook();
    book.checkKey = toBase64Url(keyBytes);
    book.codes = await CheckCodes.of(keyBytes);
    book.checkCode = await book.codes.checkCode(book.digest);
    book.seqOfCode.set(book.checkCode, 0);
    return book;
  }

  /** All state as it is now; `restore` brings it back, as an older backup would. */
  backup() {
    const { contacts, tombstones, seq, changesFrom, digest, checkCode, seqOfCode } = this;
    return { contacts: new Map(contacts), tombstones: new Map(tombstones), seq, changesFrom, digest, checkCode, seqOfCode: new Map(seqOfCode) };
  }

  restore(backup) {
    Object.assign(this, backup);
  }

  /** Contacts and tombstones after a seq, in the order of their seqs. */
  changesSince(since) {
    const puts = [...this.contacts].filter(([, each]) => each.seq > since).map(([uid, each]) => change(each.seq, uid, each));
    const deletes = [...this.tombstones].filter(([, seq]) => seq > since).map(([uid, seq]) => ({ seq, op: 'delete', uid }));
    return [...puts, ...deletes].sort((a, b) => a.seq - b.seq || (a.uid < b.uid ? -1 : 1));
  }

  /** The contacts that `changes` make of these, without storing them. */
  async staged(from, changes) {
    const contacts = new Map(from);
    for (const { op, uid, card } of changes) {
      if (op === 'delete') {
        contacts.delete(uid);
        continue;
      }
      const contentHash = await this.codes.contentHash(card);
      if (contacts.get(uid)?.contentHash !== contentHash) {
        const [entry, position] = [await this.codes.entry(uid, contentHash), await this.codes.position(uid)];
        contacts.set(uid, { cardText: canonicalText(card), contentHash, entry, position });
      }
    }
    return { contacts, checkCode: await this.codes.checkCode(digestOf(contacts.values())) };
  }

  async apply(request, checkBefore) {
    requireValid(request.changes);
    const matches = checkBefore === this.checkCode;
    if (!matches && request.onMismatch !== 'rebase') {
      throw new Refusal(412, 'check-code-mismatch', this.mismatch(checkBefore));
    }
    const conflicts = request.changes.flatMap(({ uid, ifContentHash }, index) => {
      const contentHash = this.contacts.get(uid)?.contentHash ?? null;
      return ifContentHash !== undefined && ifContentHash !== contentHash ? [{ uid, index, contentHash }] : [];
    });
    if (conflicts.length > 0) {
      throw new Refusal(409, 'contact-conflict', { items: conflicts, total: conflicts.length, serverCheckCode: this.checkCode });
    }
    const staged = await this.staged(this.contacts, request.changes);
    if (matches && request.checkAfter !== undefined && request.checkAfter !== staged.checkCode) {
      throw new Refusal(409, 'result-code-mismatch', { serverCheckCode: staged.checkCode, count: staged.contacts.size });
    }
    const missed = matches ? {} : { missed: this.mismatch(checkBefore).missed };
    return { ...this.commit(staged, request.confirmDeletes), rebased: !matches, ...missed };
  }

  /** Makes staged contacts the book. */
  commit({ contacts, checkCode }, confirmDeletes, isReplacing = false) {
    const gone = [...this.contacts.keys()].filter((uid) => !contacts.has(uid));
    if (this.contacts.size >= 20 && 2 * gone.length > this.contacts.size && !confirmDeletes) {
      throw new Refusal(409, 'mass-delete-suspected', { deletes: gone.length, count: this.contacts.size });
    }
    const puts = [...contacts].filter(([uid, each]) => this.contacts.get(uid)?.contentHash !== each.contentHash).map(([uid]) => uid);
    if (gone.length + puts.length > 0) {
      this.seq++;
      this.changesFrom = isReplacing && this.contacts.size > 0 ? this.seq : this.changesFrom;
      if (isReplacing) {
        this.tombstones = new Map();
      } else {
        gone.forEach((uid) => this.tombstones.set(uid, this.seq));
      }
      puts.forEach((uid) => {
        contacts.set(uid, { ...contacts.get(uid), seq: this.seq });
        this.tombstones.delete(uid);
      });
      this.contacts = contacts;
      this.checkCode = checkCode;
      this.seqOfCode.set(checkCode, this.seq);
    }
    return { checkCode, seq: this.seq, count: contacts.size, applied: { put: puts.length, deleted: gone.length }, rebased: false };
  }

  /** What a client with another code has missed (protocol 5.4). */
  mismatch(checkBefore) {
    const state = { serverCheckCode: this.checkCode, serverCount: this.contacts.size, serverSeq: this.seq };
    const since = this.seqOfCode.get(checkBefore);
    if (since === undefined || since < this.changesFrom) {
      return { ...state, digests: '/v1/book/digests', missed: { complete: false } };
    }
    const changes = this.changesSince(since);
    const isShort = changes.length <= MOST_MISSED;
    const missed = isShort ? { changes, complete: true } : { changes: [], complete: false, next: `/v1/book/changes?since=${since}` };
    return { ...state, digests: '/v1/book/digests', missed };
  }
}

export function change(seq, uid, { contentHash, cardText }) {
  return { seq, op: 'put', uid, contentHash, card: JSON.parse(cardText) };
}

function requireValid(changes) {
  const items = changes.flatMap(({ op, uid, card }, index) => {
    const flaws = op === 'delete' ? [] : cardFlaws(card).map((flaw) => ({ ...flaw, pointer: `/card${flaw.pointer}` }));
    return [...flaws, uidFlaw(uid)].filter((flaw) => flaw !== undefined).map((flaw) => ({ uid, index, ...flaw }));
  });
  if (items.length > 0) {
    throw new Refusal(422, 'invalid-contacts', { items, total: items.length });
  }
}
