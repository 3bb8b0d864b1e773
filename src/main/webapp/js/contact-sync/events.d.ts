import type { Http } from './http.js';

/** What the book is now (protocol 4.15): a state, never a change. */
export interface BookState {
  seq: number;
  checkCode: string;
  /** Present if this device alone has changed the book since the event before. */
  device?: string;
}

export interface EventOptions {
  signal: AbortSignal;
  /** Seq that is known. */
  since?: number | undefined;
  onConnection?: ((isConnected: boolean) => void) | undefined;
}

export declare function bookEvents(http: Http, options: EventOptions): AsyncGenerator<BookState>;
