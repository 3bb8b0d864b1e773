import type { Card } from './card.js';

export interface Put {
  readonly op: 'put';
  readonly uid: string;
  /** Canonical text of the card. */
  readonly cardText: string;
  /** The content that the contact must have; `null`: it must not exist. */
  readonly ifContentHash: string | null | undefined;
}

export interface Remove {
  readonly op: 'delete';
  readonly uid: string;
  readonly ifContentHash: string | null | undefined;
}

export type Change = Put | Remove;

export declare function put(uid: string, card: Card, ifContentHash?: string | null): Put;
export declare function putText(uid: string, cardText: string, ifContentHash?: string | null): Put;
export declare function remove(uid: string, ifContentHash?: string | null): Remove;
export declare function changeText(change: Change): string;
export declare function contactText(change: Put): string;
export declare function patchText(request: {
  changes: Change[];
  checkAfter?: string | undefined;
  onMismatch?: 'refuse' | 'rebase' | undefined;
  confirmDeletes?: boolean | undefined;
}): string;
export declare function jsonRequest(
  text: string,
  withDigest?: boolean,
): Promise<{ body: Uint8Array; headers: Record<string, string> }>;
