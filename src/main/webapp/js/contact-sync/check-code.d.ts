import type { Card, Contact } from './card.js';

/** What a set of contacts comes to. Immutable. */
export declare class BookDigest {
  static readonly EMPTY: BookDigest;
  readonly count: number;
  /** The sum of the entries modulo 2^256. */
  readonly sum: bigint;
  constructor(count: number, sum: bigint);
  plus(entry: bigint): BookDigest;
  minus(entry: bigint): BookDigest;
  with(other: BookDigest): BookDigest;
  sumHex(): string;
}

export interface HashOptions {
  /** Ends the computation with its reason. */
  signal?: AbortSignal;
  /** Told how many are done. */
  onProgress?: (done: number) => void;
}

export interface HashedContact {
  uid: string;
  /** 64 lower-case hexadecimal digits. */
  contentHash: string;
  entry: bigint;
}

/** Computes the hashes of one book with its check key. */
export declare class CheckCodes {
  private constructor(key: CryptoKey);
  static of(checkKey: string | Uint8Array): Promise<CheckCodes>;
  contentHash(card: Card): Promise<string>;
  contentHashOf(canonicalBytes: Uint8Array): Promise<string>;
  entry(uid: string, contentHash: string): Promise<bigint>;
  position(uid: string): Promise<string>;
  node(prefix: string, digest: BookDigest): Promise<string>;
  checkCode(digest: BookDigest): Promise<string>;
  hashes(contacts: Iterable<Contact | { uid: string; cardText: string }>, options?: HashOptions): Promise<HashedContact[]>;
  entries(contacts: Iterable<{ uid: string; contentHash: string }>, options?: HashOptions): Promise<bigint[]>;
  positions(uids: Iterable<string>, options?: HashOptions): Promise<string[]>;
  nodes(pairs: Iterable<[string, BookDigest]>, options?: HashOptions): Promise<string[]>;
}

export declare function isCheckCode(text: unknown): text is string;
export declare function digestOf(hashed: Iterable<{ entry: bigint }>): BookDigest;
export declare function checkCodeOf(
  checkKey: string | Uint8Array,
  contacts: Iterable<Contact>,
  options?: HashOptions,
): Promise<string>;
