const { test } = require("node:test");
const assert = require("node:assert/strict");
const { connect, createAccounts, refusal, unique } = require("./environment.cjs");

const api = connect();
const FORMATTED = "OData.Community.Display.V1.FormattedValue";

/** Five accounts with names of their own, and the filter that finds them. */
async function five() {
  const mark = unique();
  const ids = await createAccounts(api, mark, 5);
  return { mark, ids, filter: `startswith(name,'${mark}')` };
}

test("pages follow each other by their links and are counted", async () => {
  const { mark, filter } = await five();
  const first = await api.retrieveMultiple({
    collection: "accounts",
    select: ["name"],
    orderBy: ["name"],
    filter,
    count: true,
    maxPageSize: 2,
  });
  assert.equal(first.oDataCount, 5);
  assert.deepEqual(first.value.map((row) => row.name), [`${mark} 1`, `${mark} 2`]);
  assert.match(first.oDataNextLink, /\$skiptoken=/);
  const second = await api.retrieveMultiple({ collection: "accounts", maxPageSize: 2 }, first.oDataNextLink);
  assert.deepEqual(second.value.map((row) => row.name), [`${mark} 3`, `${mark} 4`]);
  const third = await api.retrieveMultiple({ collection: "accounts", maxPageSize: 2 }, second.oDataNextLink);
  assert.deepEqual(third.value.map((row) => row.name), [`${mark} 5`]);
  assert.equal(third.oDataNextLink, undefined);
});

test("all pages together hold every row once", async () => {
  const { ids, filter } = await five();
  const { value } = await api.retrieveAll({ collection: "accounts", select: ["name"], filter, maxPageSize: 2 });
  assert.deepEqual(value.map((row) => row.accountid).sort(), [...ids].sort());
});

test("values carry the annotations that are asked for", async () => {
  const name = unique();
  await api.create({ collection: "accounts", data: { name, revenue: 1234.5 } });
  const request = {
    collection: "accounts",
    select: ["revenue", "_ownerid_value", "statecode"],
    filter: `name eq '${name}'`,
  };
  const [row] = (await api.retrieveMultiple({ ...request, includeAnnotations: "*" })).value;
  assert.equal(row.revenue, 1234.5);
  assert.match(row[`revenue@${FORMATTED}`], /1,234\.50/);
  assert.equal(row.statecode_Formatted, "Active");
  assert.equal(row._ownerid_value_LogicalName, "systemuser");
  assert.equal(row._ownerid_value_NavigationProperty, "ownerid");
  const [plain] = (await api.retrieveMultiple(request)).value;
  assert.equal(plain[`revenue@${FORMATTED}`], undefined);
});

test("rows are counted with and without a filter", async () => {
  const { filter } = await five();
  assert.equal(await api.count({ collection: "accounts", filter }), 5);
  assert.ok((await api.count({ collection: "accounts" })) >= 5);
  assert.equal(await api.countAll({ collection: "accounts", select: ["name"], filter }), 5);
});

test("FetchXML goes from page to page by the cookie", async () => {
  const { mark } = await five();
  const fetchXml = `<fetch count="2"><entity name="account"><attribute name="name"/><order attribute="name"/>
    <filter><condition attribute="name" operator="like" value="${mark}%"/></filter></entity></fetch>`;
  const first = await api.fetch({ collection: "accounts", fetchXml, includeAnnotations: "*" });
  assert.deepEqual(first.value.map((row) => row.name), [`${mark} 1`, `${mark} 2`]);
  assert.equal(first["@Microsoft.Dynamics.CRM.morerecords"], true);
  assert.equal(first.PagingInfo.nextPage, 2);
  assert.match(first.PagingInfo.cookie, /^&lt;cookie page=.*accountid last=/);
  const { nextPage: pageNumber, cookie: pagingCookie } = first.PagingInfo;
  const second = await api.fetch({ collection: "accounts", fetchXml, includeAnnotations: "*", pageNumber, pagingCookie });
  assert.deepEqual(second.value.map((row) => row.name), [`${mark} 3`, `${mark} 4`]);
});

test("FetchXML with a column there is not is refused", async () => {
  const fetchXml = '<fetch><entity name="account"><attribute name="nome"/></entity></fetch>';
  const refused = await refusal(api.fetch({ collection: "accounts", fetchXml }));
  assert.deepEqual([refused.status, refused.code], [400, "0x80041103"]);
  assert.match(refused.message, /nome/);
});

test("names of another case are not found", async () => {
  const set = await refusal(api.callFunction({ name: "whoAmI" }));
  assert.deepEqual([set.status, set.code], [404, "0x8006088a"]);
  const column = await refusal(api.retrieveMultiple({ collection: "accounts", select: ["Name"] }));
  assert.equal(column.status, 400);
  assert.equal(
    column.message,
    "Could not find a property named 'Name' on type 'Microsoft.Dynamics.CRM.account'.",
  );
});
