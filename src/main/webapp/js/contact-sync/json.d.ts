export declare class MalformedJson extends Error {
  /** Index of the character, from 0. */
  readonly position: number;
  constructor(reason: string, position: number);
}

export interface ParseOptions {
  /** Levels of objects and arrays; 24 by default. */
  deepest?: number;
  /** Told of flaws instead of an error. */
  onFlaw?: (code: 'duplicate-key' | 'too-deep' | 'not-an-integer' | 'integer-too-large', path: Array<string | number>) => void;
}

export declare function parseJson(source: string | Uint8Array, options?: ParseOptions): unknown;
