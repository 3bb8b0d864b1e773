import type { Book, Capabilities } from './book.js';
import type { CheckCodes } from './check-code.js';
import type { Change } from './requests.js';
import type { TaskResult, WaitOptions } from './tasks.js';

export interface UploadPlan {
  /** Body of the request that opens the upload. */
  request: { kind: string; checkBefore: string; chunks: number; contacts: number; checkAfter: string };
  /** Body, contacts so far and running check code of each chunk. */
  chunks: Array<{ text: string; received: number; checkCode: string }>;
}

export interface UploadOptions extends WaitOptions {
  /** Idempotency key of the request that opens the upload. */
  key: string;
  /** Id of the upload, if it was opened before. */
  task?: string | undefined;
  confirmDeletes?: boolean | undefined;
  onOpened?: ((id: string) => void | Promise<void>) | undefined;
  onAcknowledged?:
    | ((sent: { acknowledged: number; total: number; chunk: number; checkCode: string }) => void)
    | undefined;
}

export declare function planUpload(upload: {
  codes: CheckCodes;
  kind: 'initial' | 'replace' | 'changes';
  checkBefore: string;
  changes: Change[];
  /** Content hashes of the book before, by uid. */
  known?: Map<string, string>;
  limits: Capabilities;
  signal?: AbortSignal | undefined;
}): Promise<UploadPlan>;
export declare function sendUpload(book: Book, plan: UploadPlan, options: UploadOptions): Promise<TaskResult>;
