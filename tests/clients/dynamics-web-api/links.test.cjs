const { test } = require("node:test");
const assert = require("node:assert/strict");
const { connect, refusal, url } = require("./environment.cjs");

const api = connect();
const create = (collection, data) => api.create({ collection, data });

test("rows are linked and unlinked through a collection", async () => {
  const role = await create("adx_webroles", { adx_name: "Members" });
  const contact = await create("contacts", { lastname: "Ng" });
  await api.associate({
    collection: "adx_webroles",
    primaryKey: role,
    relationshipName: "adx_webrole_contact",
    relatedCollection: "contacts",
    relatedKey: contact,
  });
  const linked = async () => {
    const { value } = await api.retrieve({
      collection: "adx_webroles",
      key: role,
      navigationProperty: "adx_webrole_contact",
      select: ["lastname"],
    });
    return value.map((row) => [row.contactid, row.lastname]);
  };
  assert.deepEqual(await linked(), [[contact, "Ng"]]);
  await api.disassociate({
    collection: "adx_webroles",
    primaryKey: role,
    relationshipName: "adx_webrole_contact",
    relatedKey: contact,
  });
  assert.deepEqual(await linked(), []);
});

test("a lookup is set and emptied through its navigation property", async () => {
  const account = await create("accounts", { name: "Contoso" });
  const contact = await create("contacts", { lastname: "Ng" });
  const company = async () => {
    const row = await api.retrieve({
      collection: "contacts",
      key: contact,
      select: ["_parentcustomerid_value"],
      includeAnnotations: "*",
    });
    return [row._parentcustomerid_value, row._parentcustomerid_value_NavigationProperty];
  };
  const link = { collection: "contacts", primaryKey: contact, navigationProperty: "parentcustomerid_account" };
  await api.associateSingleValued({ ...link, relatedCollection: "accounts", relatedKey: account });
  assert.deepEqual(await company(), [account, "parentcustomerid_account"]);
  await api.disassociateSingleValued(link);
  assert.deepEqual(await company(), [null, undefined]);
});

test("a lookup is bound in the body, and the other side lists the row", async () => {
  const account = await create("accounts", { name: "Contoso" });
  const contact = await create("contacts", {
    lastname: "Ng",
    "parentcustomerid_account@odata.bind": `/accounts(${account})`,
  });
  const row = await api.retrieve({
    collection: "accounts",
    key: account,
    select: ["name"],
    expand: [{ property: "contact_customer_accounts", select: ["lastname"] }],
  });
  assert.deepEqual(row.contact_customer_accounts.map((found) => found.contactid), [contact]);
});

test("a navigation property of a wrong name is refused", async () => {
  const body = { lastname: "Ng", "parentcustomerid@odata.bind": `${url}/api/data/v9.2/accounts(1)` };
  const refused = await refusal(create("contacts", body));
  assert.deepEqual([refused.status, refused.code], [400, "0x80048d19"]);
  assert.match(refused.message, /An undeclared property 'parentcustomerid' which only has property annotations/);
});

test("a lookup to a row that is not there is refused", async () => {
  const missing = "11111111-2222-3333-4444-555555555555";
  const refused = await refusal(
    create("contacts", { lastname: "Ng", "parentcustomerid_account@odata.bind": `accounts(${missing})` }),
  );
  assert.equal(refused.code, "0x80040217");
  assert.match(refused.message, new RegExp(`With Id = ${missing} Does Not Exist`));
});
