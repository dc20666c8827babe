// Which tokens went where, as the browser sent them.

/** What a token says of itself; `undefined` for what is no JWT. */
export function claimsOf(token) {
  const parts = token.split(".");
  return parts.length === 3 ? JSON.parse(Buffer.from(parts[1], "base64url")) : undefined;
}

/**
 * Watches everything that the browser sends from now on. The list grows: `{ origin, path, method, token, claims }`,
 * `token` and `claims` only where a request carried one.
 */
export function watchRequests(context) {
  const sent = [];
  context.on("request", (request) => {
    const { protocol, origin, pathname } = new URL(request.url());
    if (!protocol.startsWith("http")) return;
    const token = request.headers().authorization?.replace(/^Bearer /, "");
    sent.push({ origin, path: pathname, method: request.method(), token, claims: token && claimsOf(token) });
  });
  return sent;
}

/** Those that carried a token. */
export const withToken = (sent) => sent.filter(({ token }) => token);

/** Who showed whose token where: `origin audience tenant user`, each once. */
export function presented(sent) {
  const lines = withToken(sent).map(({ origin, claims }) => `${origin} ${claims.aud} ${claims.tid} ${claims.upn ?? claims.unique_name ?? claims.preferred_username}`);
  return [...new Set(lines)].sort();
}
