/**
 * What goes wrong between client and service (protocol §5). Texts of a service are not trusted: show them as text.
 *
 * @module
 */

const TYPE = 'urn:contact-sync:problem:';

/** Characters of a text of a problem that are kept. */
const LONGEST_TEXT = 1_000;

/** A refusal of the service, or an answer that is none of the service. Branch on `code`, never on a text (protocol 5.1). */
export class ServerProblem extends Error {
  /**
   * @param {object} said
   * @param {number} said.status HTTP status; 0 if the client found the fault itself
   * @param {string} said.code e.g. `check-code-mismatch`; `http-502` if something between client and service answered
   * @param {string} [said.detail] what is wrong, one sentence
   * @param {string} [said.next] what to do next, one sentence
   * @param {object} [said.members] the whole problem as it was received
   * @param {string} [said.requestId] to quote to support
   * @param {number} [said.retryAfter] seconds
   * @param {boolean} [said.isOfTask] how a task ended, not how a request was answered
   */
  constructor({ status, code, detail = '', next = '', members, requestId, retryAfter, isOfTask = false }) {
    super(`${detail || code} (${code}${status === 0 ? '' : `, status ${status}`})`);
    this.name = 'ServerProblem';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.next = next;
    this.members = members ?? {};
    this.isOfService = members !== undefined;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    this.isOfTask = isOfTask;
  }

  /**
   * The problem of an answer.
   *
   * @param {number} status of the answer
   * @param {Headers} headers of the answer
   * @param {unknown} body its JSON, or `undefined`
   */
  static ofAnswer(status, headers, body) {
    const requestId = headers.get('X-Request-Id') ?? undefined;
    const retryAfter = retryAfterOf(headers);
    if (isProblem(body)) {
      return new ServerProblem({ ...ServerProblem.#said(body), status, requestId, retryAfter });
    }
    const isRedirect = status === 0 || (status >= 300 && status < 400);
    return new ServerProblem({
      status,
      code: isRedirect ? 'redirected' : `http-${status}`,
      detail: isRedirect
        ? 'The server redirects to another address; this client does not send the token there'
        : 'The answer does not come from a contact-sync server',
      next: isRedirect ? "Use that address as the server's if you trust it." : "Check the server's address, or try again later.",
      requestId,
      retryAfter,
    });
  }

  /** Why a task ended, as the task says it (protocol 4.11); `undefined` if it does not. */
  static ofTask(problem) {
    return isProblem(problem) ? new ServerProblem({ ...ServerProblem.#said(problem), isOfTask: true }) : undefined;
  }

  static #said(problem) {
    return {
      status: Number.isInteger(problem.status) ? problem.status : 0,
      code: problem.type.slice(TYPE.length),
      detail: text(problem.detail),
      next: text(problem.next),
      members: problem,
    };
  }
}

/** There was no answer: no network, a closed connection, or none in time. Whether the request was carried out is not known. */
export class ServerUnreachable extends Error {
  constructor(message, cause) {
    super(message, { cause });
    this.name = 'ServerUnreachable';
  }
}

/** Client and service computed different check codes. The upload was cancelled and nothing was changed. */
export class CodesDiffer extends Error {
  constructor(what, own, theirs) {
    super(`${what}: the service has another check code`);
    this.name = 'CodesDiffer';
    this.own = own;
    this.theirs = theirs;
  }
}

/** Seconds of `Retry-After`; `undefined` if it is missing or not a number. */
export function retryAfterOf(headers) {
  const value = headers.get('Retry-After');
  return value !== null && /^[0-9]{1,6}$/.test(value) ? Number(value) : undefined;
}

function isProblem(body) {
  return typeof body === 'object' && body !== null && typeof body.type === 'string' && /^urn:contact-sync:problem:[a-z-]{1,64}$/.test(body.type);
}

function text(value) {
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : '';
}
