import type { BookDigest, CheckCodes } from './check-code.js';

/** The digest tree of a book's contacts (protocol 2.4). */
export declare class DigestTree {
  add(position: string, entry: bigint): void;
  remove(position: string, entry: bigint): void;
  nodes(prefix?: string, depth?: number): Map<string, BookDigest>;
}

export declare function differingPrefixes(
  codes: CheckCodes,
  own: Map<string, BookDigest>,
  theirs: Map<string, string>,
): Promise<string[]>;
