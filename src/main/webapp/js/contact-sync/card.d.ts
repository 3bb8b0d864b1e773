/** A JSON value of a card (protocol 2.2.2). Numbers are integers of at most 2^53 - 1. */
export type CardValue = string | number | boolean | CardValue[] | { [name: string]: CardValue };

/** A JSContact Card (RFC 9553) without `uid`. */
export interface Card {
  [name: string]: CardValue;
}

/** A contact as it is on the wire. */
export interface Contact {
  uid: string;
  card: Card;
}

/** A rule that a contact breaks. */
export interface Flaw {
  /** JSON pointer (RFC 6901) to the value; for `readContact` it starts at the contact, otherwise at the card. */
  pointer: string;
  /** A code of protocol 2.2.2 or 5.5, e.g. `control-character`. */
  code: string;
  /** The rule, for a person. */
  detail: string;
}

export declare class InvalidContact extends Error {
  readonly flaws: Flaw[];
  constructor(flaws: Flaw[]);
}

export declare const MAX_DEPTH: 8;
export declare const MAX_CARD_BYTES: 262144;
export declare const MAX_UID_BYTES: 255;

export declare function uidFlaw(uid: unknown): Flaw | undefined;
export declare function requireUid(uid: unknown): string;
export declare function cardFlaws(card: unknown): Flaw[];
export declare function canonicalText(card: Card): string;
export declare function canonicalBytes(card: Card): Uint8Array;
export declare function readContact(source: string | Uint8Array): Contact;
