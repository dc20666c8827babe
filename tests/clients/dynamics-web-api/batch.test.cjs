const { test } = require("node:test");
const assert = require("node:assert/strict");
const { connect, guid, refusal, unique } = require("./environment.cjs");

/** One client per test: a client gathers requests between start and execution. */
const started = () => {
  const api = connect();
  api.startBatch();
  return api;
};

test("a batch reads, and writes in a change set it makes by itself", async () => {
  const plain = connect();
  const [name, id] = [unique(), await plain.create({ collection: "accounts", data: { name: "before" } })];
  const api = started();
  api.create({ collection: "accounts", data: { name } });
  api.update({ collection: "accounts", key: id, data: { name: "after" } });
  api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: `name eq '${name}'` });
  const [created, updated, found] = await api.executeBatch();
  assert.match(created, guid);
  assert.equal(updated, true);
  assert.deepEqual(found.value.map((row) => row.accountid), [created]);
  assert.equal((await plain.retrieve({ collection: "accounts", key: id, select: ["name"] })).name, "after");
});

test("later requests of a change set name earlier ones", async () => {
  const api = started();
  api.create({ collection: "accounts", data: { name: "Contoso" }, contentId: "1" });
  api.create({ collection: "contacts", data: { lastname: "Ng", "parentcustomerid_account@odata.bind": "$1" } });
  const [account, contact] = await api.executeBatch();
  const row = await connect().retrieve({ collection: "contacts", key: contact, select: ["_parentcustomerid_value"] });
  assert.equal(row._parentcustomerid_value, account);
});

test("a change set with a refused request has changed nothing", async () => {
  const name = unique();
  const api = started();
  api.create({ collection: "accounts", data: { name } });
  api.create({ collection: "accounts", data: { nome: name } });
  const refused = await refusal(api.executeBatch());
  assert.match(refused.message, /Invalid property 'nome' was found in entity 'Microsoft\.Dynamics\.CRM\.account'/);
  assert.equal(await connect().count({ collection: "accounts", filter: `name eq '${name}'` }), 0);
});
