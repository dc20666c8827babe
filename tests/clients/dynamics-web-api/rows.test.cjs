const { test } = require("node:test");
const assert = require("node:assert/strict");
const { connect, guid, refusal, unique } = require("./environment.cjs");

const api = connect();
const read = (key, select) => api.retrieve({ collection: "accounts", key, select });

test("who am I names rows that can be read", async () => {
  const who = await api.callFunction({ name: "WhoAmI" });
  const user = await api.retrieve({ collection: "systemusers", key: who.UserId, select: ["_businessunitid_value"] });
  assert.equal(user._businessunitid_value, who.BusinessUnitId);
  const organization = await api.retrieve({ collection: "organizations", key: who.OrganizationId, select: ["name"] });
  assert.equal(organization.name, "clients");
});

test("a function takes a parameter through an alias", async () => {
  const answer = await api.callFunction({
    name: "RetrieveCurrentOrganization",
    parameters: { AccessType: "Microsoft.Dynamics.CRM.EndpointAccessType'Default'" },
  });
  assert.equal(answer.Detail.FriendlyName, "clients");
  assert.match(answer.Detail.OrganizationId, guid);
});

test("a created row is known by the id in the answer's address", async () => {
  const name = unique();
  const id = await api.create({ collection: "accounts", data: { name } });
  assert.match(id, guid);
  assert.equal((await read(id, ["name"])).name, name);
});

test("a created row comes back where its representation is asked for", async () => {
  const row = await api.create({
    collection: "accounts",
    data: { name: "Contoso", revenue: 12.5 },
    select: ["name", "revenue"],
    returnRepresentation: true,
    bypassCustomPluginExecution: true,
  });
  assert.equal(row.name, "Contoso");
  assert.equal(row.revenue, 12.5);
  assert.match(row["@odata.etag"], /^W\/"\d+"$/);
  assert.match(row.oDataContext, /\/api\/data\/v9\.2\/\$metadata#accounts\(name,revenue\)\/\$entity$/);
});

test("an update changes what it names and needs the row to be there", async () => {
  const id = await api.create({ collection: "accounts", data: { name: "before", telephone1: "1" } });
  assert.equal(await api.update({ collection: "accounts", key: id, data: { name: "after" } }), true);
  const row = await read(id, ["name", "telephone1"]);
  assert.deepEqual([row.name, row.telephone1], ["after", "1"]);
  const missing = "11111111-2222-3333-4444-555555555555";
  const refused = await refusal(api.update({ collection: "accounts", key: missing, data: { name: "x" } }));
  assert.deepEqual([refused.status, refused.code], [404, "0x80040217"]);
  assert.match(refused.message, new RegExp(`With Id = ${missing} Does Not Exist`));
});

test("an update with an old version is refused, with the present one it is done", async () => {
  const id = await api.create({ collection: "accounts", data: { name: "one" } });
  const old = (await read(id, ["name"]))["@odata.etag"];
  await api.update({ collection: "accounts", key: id, data: { name: "two" } });
  const change = (ifmatch) => api.update({ collection: "accounts", key: id, ifmatch, data: { name: "three" } });
  const refused = await refusal(change(old));
  assert.deepEqual([refused.status, refused.code], [412, "0x80060882"]);
  await change((await read(id, ["name"]))["@odata.etag"]);
  assert.equal((await read(id, ["name"])).name, "three");
});

test("an upsert by alternate key creates once, and create-only then meets the row", async () => {
  const accountnumber = unique();
  const key = `accountnumber='${accountnumber}'`;
  const upsert = (name, ifnonematch) => api.upsert({ collection: "accounts", key, ifnonematch, data: { name } });
  await upsert("first", "*");
  assert.equal((await read(key, ["name"])).name, "first");
  const refused = await refusal(upsert("second", "*"));
  assert.equal(refused.status, 412);
  assert.match(refused.message, /A record with matching key values already exists/);
  await upsert("third");
  const { value } = await api.retrieveMultiple({
    collection: "accounts",
    select: ["name"],
    filter: `accountnumber eq '${accountnumber}'`,
  });
  assert.deepEqual(value.map((row) => row.name), ["third"]);
});

test("one property is written alone", async () => {
  const id = await api.create({ collection: "accounts", data: { name: "before" } });
  await api.updateSingleProperty({ collection: "accounts", key: id, fieldValuePair: { name: "after" } });
  assert.equal((await read(id, ["name"])).name, "after");
});

test("a deleted row is gone, and a deleted property is null", async () => {
  const id = await api.create({ collection: "accounts", data: { name: "x", telephone1: "1" } });
  await api.deleteRecord({ collection: "accounts", key: id, property: "telephone1" });
  assert.equal((await read(id, ["telephone1"])).telephone1, null);
  await api.deleteRecord({ collection: "accounts", key: id });
  assert.equal((await refusal(read(id, ["name"]))).status, 404);
});

test("a row that is as it was is not sent again", async () => {
  const id = await api.create({ collection: "accounts", data: { name: "same" } });
  const ifnonematch = (await read(id, ["name"]))["@odata.etag"];
  const again = () => api.retrieve({ collection: "accounts", key: id, select: ["name"], ifnonematch });
  assert.equal(await again(), undefined);
  await api.update({ collection: "accounts", key: id, data: { name: "other" } });
  assert.equal((await again()).name, "other");
});
