import type { HttpOptions } from './http.js';

export declare function developmentToken(
  server: string | URL | undefined,
  user: string,
  options?: Partial<HttpOptions>,
): Promise<string | undefined>;
