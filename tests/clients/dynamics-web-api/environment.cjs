// The client under test, pointed to the environment that `cargo xtask test` has started. CommonJS, because
// NODE_PATH, which names the folder the packages are installed in, counts for `require` only.
const { randomUUID } = require("node:crypto");
const { DynamicsWebApi } = require("dynamics-web-api");

const url = process.env.DATAVERSE_URL;

/** A client with the library's own defaults; errors come as the server sent them. */
function connect() {
  return new DynamicsWebApi({
    serverUrl: url,
    onTokenRefresh: async () => "any",
    dataApi: { version: "9.2" },
    propagateErrors: true,
  });
}

/** A word no other test uses, so that tests may run side by side. */
const unique = () => `t${randomUUID().slice(-12)}`;

/** Creates that many accounts, named `mark 1`, `mark 2`, …; their ids in that order. */
async function createAccounts(api, mark, count) {
  const ids = [];
  for (let number = 1; number <= count; number++) {
    ids.push(await api.create({ collection: "accounts", data: { name: `${mark} ${number}` } }));
  }
  return ids;
}

/** What the server said when it refused: `{ status, code, message }`. */
async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    // A batch is refused with a list, and its parts hold the body's `error` as it came.
    const [first] = [error].flat();
    const { code, message } = first.error ?? first;
    return { status: first.status, code, message };
  }
  throw new Error("the request was not refused");
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

module.exports = { connect, createAccounts, guid, refusal, unique, url };
