/** How the web page gets tokens: development, pasted, and the code flow with PKCE against an issuer in memory. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, test } from 'node:test';

const ISSUER = 'https://id.example.com/realms/x';
const PAGE = 'https://sync.example.com/';
let asked;
let answers;

function storage() {
  const values = new Map();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value), removeItem: (key) => values.delete(key) };
}

function tokenOf(sub) {
  return `x.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.x`;
}

beforeEach(() => {
  asked = [];
  globalThis.sessionStorage = storage();
  globalThis.location = { origin: 'https://sync.example.com', pathname: '/', search: '', href: PAGE, assign: (url) => asked.push(['left', url]) };
  globalThis.history = { replaceState: (state, title, url) => asked.push(['url', url]) };
  answers = {
    '/.well-known/oauth-protected-resource': { authorization_servers: [ISSUER], web_client_id: 'page' },
    [`${ISSUER}/.well-known/openid-configuration`]: {
      issuer: ISSUER, authorization_endpoint: `${ISSUER}/auth?x=1`, token_endpoint: `${ISSUER}/token`,
    },
    [`${ISSUER}/token`]: { access_token: tokenOf('ada ü'), expires_in: 300, refresh_token: 'again' },
  };
  globalThis.fetch = async (url, init) => {
    asked.push([url, init.body && Object.fromEntries(init.body), init.credentials]);
    return answers[url] === undefined ? new Response('', { status: 404 }) : Response.json(answers[url]);
  };
});

const { accepted, leaveForIssuer, pastedSession, returned, tokenSource, waysOfSigningIn } = await import('../../main/webapp/page/sign-in.js');
const { savedSession, saveSession } = await import('../../main/webapp/page/session.js');

async function leave() {
  await leaveForIssuer(await waysOfSigningIn());
  const url = asked.find(([what]) => what === 'left')[1];
  return Object.fromEntries(new URL(url).searchParams);
}

test('the code flow: state, challenge, exchange without a secret', async () => {
  const query = await leave();
  assert.deepEqual([query.x, query.response_type, query.client_id, query.redirect_uri, query.code_challenge_method], ['1', 'code', 'page', PAGE, 'S256']);
  assert.match(query.state, /^[A-Za-z0-9_-]{43}$/);

  location.search = `?code=c1&state=${query.state}`;
  const session = await returned();

  const [, form, credentials] = asked.find(([url]) => url === `${ISSUER}/token`);
  assert.equal(createHash('sha256').update(form.code_verifier).digest('base64url'), query.code_challenge);
  assert.deepEqual([form.grant_type, form.code, form.client_id, form.redirect_uri, credentials], ['authorization_code', 'c1', 'page', PAGE, 'omit']);
  assert.deepEqual([session.kind, session.user, session.refresh], ['oidc', 'ada ü', 'again']);
  assert.ok(asked.some(([what, url]) => what === 'url' && url === '/'), 'the code stays in no history');
});

test('an answer of another flow, another issuer, or a second time is refused', async () => {
  const { state } = await leave();
  location.search = '?code=c1&state=other';
  await assert.rejects(returned());
  location.search = `?code=c1&state=${state}`;
  await assert.rejects(returned(), 'the flow is over');

  asked = [];
  const second = await leave();
  location.search = `?code=c1&state=${second.state}&iss=https%3A%2F%2Fevil.example`;
  await assert.rejects(returned());
  assert.ok(!asked.some(([url]) => url === `${ISSUER}/token`));
});

test('a discovery document of another issuer is refused', async () => {
  answers[`${ISSUER}/.well-known/openid-configuration`].issuer = 'https://evil.example';
  await assert.rejects(leave());
});

test('a token is renewed once for all who ask, before it ends or when it is refused; without a way the person is asked', async () => {
  const lost = [];
  const source = tokenSource((isLost) => lost.push(isLost));
  saveSession({ kind: 'oidc', user: 'ada', token: 'old', expires: Date.now() + 1_000, issuer: ISSUER, client: 'page', refresh: 'r1' });

  const tokens = await Promise.all([source({ refused: false }), source({ refused: false })]);

  assert.deepEqual(tokens, [tokenOf('ada ü'), tokenOf('ada ü')]);
  assert.equal(asked.filter(([url]) => url === `${ISSUER}/token`).length, 1);
  assert.equal(savedSession().refresh, 'again');
  saveSession(pastedSession(` ${tokenOf('grace')} `));
  assert.equal(savedSession().user, 'grace');
  assert.equal(await source({ refused: false }), tokenOf('grace'));
  assert.equal(await source({ refused: true }), tokenOf('grace'));
  assert.deepEqual(lost, [false, true]);
});

test('an issuer that does not answer is no lost sign-in; one that refuses is', async () => {
  const lost = [];
  const source = tokenSource((isLost) => lost.push(isLost));
  saveSession({ kind: 'oidc', user: 'ada', token: 'old', expires: Date.now() - 1, issuer: ISSUER, client: 'page', refresh: 'r1' });
  const { fetch } = globalThis;
  for (const answer of [() => Promise.reject(new TypeError('no network')), async () => new Response('', { status: 503 })]) {
    globalThis.fetch = answer;
    assert.equal(await source({ refused: false }), 'old');
  }
  assert.deepEqual([lost, savedSession().token], [[], 'old']);

  globalThis.fetch = async (url, init) => (url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : fetch(url, init));
  assert.equal(await source({ refused: false }), 'old');
  assert.deepEqual(lost, [true]);
});

test('a token that the service does not take is no sign-in, and the person is told why', async () => {
  answers['/v1/book'] = { count: 0 };
  assert.equal((await accepted(pastedSession('x'))).token, 'x');
  globalThis.fetch = async () => Response.json({ detail: 'The token has expired' }, { status: 401 });
  await assert.rejects(accepted(pastedSession('x')), { message: 'The token has expired' });
  globalThis.fetch = async () => new Response('<html>', { status: 502 });
  await assert.rejects(accepted(pastedSession('x')), { message: 'sync.example.com: 502' });
});

test('the address of the page without a code is nobody who comes back', async () => {
  location.search = '?x=1';
  assert.equal(await returned(), undefined);
});
