// Who sits at the pages of the sign-in service: reads them, presses buttons, goes where they lead.

/** A page's heading, its form, and who can be pressed. */
async function read(response) {
  const text = await response.text();
  const found = (pattern) => text.match(pattern)?.[1].replaceAll("&amp;", "&");
  return {
    heading: found(/<h1>(.*?)<\/h1>/),
    action: found(/action="(.*?)"/),
    request: found(/name="request" value="(.*?)"/),
    account: found(/type="hidden" name="account" value="(.*?)"/),
    text,
  };
}

/** Signs in at that address as that user, and agrees: the parameters of the answer to the application. */
async function signIn(url, username) {
  const { origin } = new URL(url);
  let cookie = "";
  const ask = async (address, options = {}) => {
    const response = await fetch(address, { redirect: "manual", ...options, headers: { cookie } });
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return response;
  };
  const press = (page, pressed) =>
    ask(origin + page.action, { method: "POST", body: new URLSearchParams({ request: page.request, ...pressed }) });
  let response = await press(await read(await ask(url)), { account: username });
  if (response.status === 200) {
    const consent = await read(response);
    if (consent.heading !== "Permissions requested") throw new Error(consent.heading);
    response = await press(consent, { account: consent.account, answer: "accept" });
  }
  return new URL(response.headers.get("location")).searchParams;
}

module.exports = { signIn };
