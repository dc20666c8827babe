const { test } = require("node:test");
const assert = require("node:assert/strict");
const { connect, guid } = require("./environment.cjs");

const api = connect();
const key = "LogicalName='account'";
const crm = (type) => `Microsoft.Dynamics.CRM.${type}`;

test("tables are listed by a filter", async () => {
  const { value } = await api.retrieveEntities({
    select: ["LogicalName", "EntitySetName"],
    filter: "IsIntersect eq false",
  });
  const sets = Object.fromEntries(value.map((table) => [table.LogicalName, table.EntitySetName]));
  assert.equal(sets.account, "accounts");
  assert.equal(sets.adx_webrole_contact, undefined);
  assert.ok(value.every((table) => guid.test(table.MetadataId)));
});

test("a table is described with its columns", async () => {
  const table = await api.retrieveEntity({ key, expand: [{ property: "Attributes" }] });
  assert.deepEqual([table.SchemaName, table.PrimaryIdAttribute], ["Account", "accountid"]);
  const types = Object.fromEntries(table.Attributes.map((column) => [column.LogicalName, column["@odata.type"]]));
  assert.equal(types.name, `#${crm("StringAttributeMetadata")}`);
  assert.equal(types.accountid, undefined);
});

test("choices are read by a cast with their options", async () => {
  const { value } = await api.retrieveAttributes({
    entityKey: key,
    castType: crm("PicklistAttributeMetadata"),
    expand: [{ property: "OptionSet" }],
  });
  const choice = value.find((column) => column.LogicalName === "customertypecode");
  assert.equal(choice.OptionSet.Name, "account_customertypecode");
  const labels = choice.OptionSet.Options.map((option) => [option.Value, option.Label.UserLocalizedLabel.Label]);
  assert.deepEqual(labels.slice(0, 3), [[1, "Competitor"], [2, "Consultant"], [3, "Customer"]]);
  assert.ok(value.every((column) => column.AttributeType === "Picklist"));
});

test("lookups are read by a cast with their targets", async () => {
  const { value } = await api.retrieveAttributes({
    entityKey: "LogicalName='contact'",
    castType: crm("LookupAttributeMetadata"),
    select: ["LogicalName", "Targets"],
  });
  const company = value.find((column) => column.LogicalName === "parentcustomerid");
  assert.deepEqual([...company.Targets].sort(), ["account", "contact"]);
});

test("relationships of both kinds are read by a cast", async () => {
  const many = await api.retrieveRelationships({ castType: crm("ManyToManyRelationshipMetadata") });
  const roles = many.value.find((one) => one.SchemaName === "adx_webrole_contact");
  assert.deepEqual([roles.Entity1LogicalName, roles.Entity2LogicalName].sort(), ["adx_webrole", "contact"]);
  const single = await api.retrieveRelationships({
    castType: crm("OneToManyRelationshipMetadata"),
    select: ["SchemaName", "ReferencingEntityNavigationPropertyName"],
    filter: "ReferencingEntity eq 'contact' and ReferencedEntity eq 'account'",
  });
  assert.deepEqual(
    single.value.map((one) => one.ReferencingEntityNavigationPropertyName),
    ["parentcustomerid_account"],
  );
});
