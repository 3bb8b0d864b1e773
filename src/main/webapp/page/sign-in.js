/**
 * Ways to a token: a development token of the default run, or the issuer's by the authorization code flow with PKCE (RFC 7636, RFC 9700).
 * The service's own metadata say which (RFC 9728).
 *
 * @module
 */

import { saveSession, savedSession, subjectOf } from './session.js';

/** An answer that is not a success. */
class Refused extends Error {
  constructor(host, status, detail) {
    super(typeof detail === 'string' ? detail : `${host}: ${status}`);
    this.status = status;
  }
}

const FLOW = 'contact-sync-sign-in';

/** Seconds before its end at which a token is renewed. */
const EARLY = 30;

/** `{ issuer, client }`: no issuer means development tokens; an issuer without a client means that a token has to be pasted. */
export async function waysOfSigningIn() {
  const metadata = await json('/.well-known/oauth-protected-resource');
  return { issuer: metadata.authorization_servers?.[0], client: metadata.web_client_id };
}

/** A session with a token of the default run. */
export async function developmentSession(user, isOperator) {
  const form = new URLSearchParams({ user, ...(isOperator ? { admin: 'true' } : {}) });
  const { token, expiresIn } = await json('/dev/tokens', { method: 'POST', body: form });
  return { kind: 'development', user, isOperator, token, expires: Date.now() + 1_000 * expiresIn };
}

export function pastedSession(token) {
  return { kind: 'pasted', user: subjectOf(token), token: token.trim() };
}

/** A session whose token the service takes. @throws if it does not */
export async function accepted(session) {
  const headers = { Authorization: `Bearer ${session.token}` };
  await json('/v1/book', { headers });
  return session;
}

/** Leaves the page for the issuer's; {@link returned} goes on when it leads back. */
export async function leaveForIssuer({ issuer, client }) {
  const { authorization_endpoint: endpoint } = await discovery(issuer);
  const verifier = randomText();
  const state = randomText();
  sessionStorage.setItem(FLOW, JSON.stringify({ issuer, client, verifier, state }));
  const challenge = base64Url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  const asked = new URL(endpoint);
  for (const [name, value] of Object.entries({
    response_type: 'code', client_id: client, redirect_uri: redirectUri(), scope: 'openid', state,
    code_challenge: challenge, code_challenge_method: 'S256',
  })) {
    asked.searchParams.set(name, value);
  }
  location.assign(asked);
}

/** The session of a person who comes back from the issuer, or `undefined`. */
export async function returned() {
  const query = new URLSearchParams(location.search);
  if (!query.has('state')) {
    return undefined;
  }
  const flow = JSON.parse(sessionStorage.getItem(FLOW) ?? 'null');
  sessionStorage.removeItem(FLOW);
  history.replaceState(null, '', location.pathname); // the code belongs into no history
  const issuer = query.get('iss') ?? flow?.issuer;
  if (flow === null || query.get('state') !== flow.state || issuer !== flow.issuer || !query.has('code')) {
    throw new Error(query.get('error') ?? 'sign-in');
  }
  return tokensOf(flow, { grant_type: 'authorization_code', code: query.get('code'), redirect_uri: redirectUri(), code_verifier: flow.verifier });
}

/**
 * Gets the token of each request: the one that is there, or a new one when it was refused or is about to end.
 *
 * @param {(isLost: boolean) => void} onLost told whether a person has to sign in again
 */
export function tokenSource(onLost) {
  let renewing;
  return async ({ refused }) => {
    const session = savedSession();
    if (session === undefined) {
      return '';
    }
    const isOver = session.expires !== undefined && session.expires - 1_000 * EARLY < Date.now();
    if (!refused && !isOver) {
      return session.token;
    }
    renewing ??= renewed(session)
      .then((fresh) => {
        if (fresh !== undefined && fresh !== session && savedSession() !== undefined) {
          saveSession(fresh);
        }
        if (fresh !== session) {
          onLost(fresh === undefined);
        }
        return (fresh ?? session).token;
      })
      .finally(() => (renewing = undefined));
    return renewing;
  };
}

/** A session with a new token; the same one if nobody could be asked; `undefined` if only a person can get one. */
async function renewed(session) {
  try {
    if (session.kind === 'development') {
      return await developmentSession(session.user, session.isOperator);
    }
    if (session.kind === 'oidc' && session.refresh !== undefined) {
      return await tokensOf(session, { grant_type: 'refresh_token', refresh_token: session.refresh });
    }
  } catch (error) {
    return error instanceof Refused && error.status < 500 && error.status !== 429 ? undefined : session;
  }
  return undefined;
}

async function tokensOf({ issuer, client, refresh }, form) {
  const { token_endpoint: endpoint } = await discovery(issuer);
  const body = new URLSearchParams({ ...form, client_id: client });
  const { access_token: token, expires_in: seconds, refresh_token: next } = await json(endpoint, { method: 'POST', body });
  const expires = seconds === undefined ? undefined : Date.now() + 1_000 * seconds;
  return { kind: 'oidc', user: subjectOf(token), token, expires, issuer, client, refresh: next ?? refresh };
}

async function discovery(issuer) {
  const found = await json(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (found.issuer !== issuer) {
    throw new Error('issuer');
  }
  return found;
}

function redirectUri() {
  return location.origin + location.pathname;
}

async function json(url, init = {}) {
  const answer = await fetch(url, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!answer.ok) {
    const { detail } = (await answer.json().catch(() => undefined)) ?? {};
    throw new Refused(new URL(url, location.href).host, answer.status, detail);
  }
  return answer.json();
}

function randomText() {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64Url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
