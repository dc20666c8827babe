// A data package of as many accounts as a test wants, its schema, and the parts that others put together otherwise.
import { strToU8, zipSync } from "fflate";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The table of accounts. */
export const SCHEMA = `<entities>
  <entity name="account" displayname="Account" primaryidfield="accountid" primarynamefield="name">
    <fields>
      <field displayname="Account" name="accountid" type="guid" primaryKey="true" />
      <field displayname="Account Name" name="name" type="string" />
    </fields>
  </entity>
</entities>`;

/** The account of that number. */
export const record = (number) => `<record id="00000000-0000-4000-8000-${String(number).padStart(12, "0")}">
  <field name="name" value="Account ${number}" />
</record>`;

/** The rows of a table, as `data.xml` has them. */
export const data = (table, records) => `<entities xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" timestamp="2026-01-01T00:00:00.0000000Z">
  <entity name="${table}" displayname="${table}"><records>${records}</records><m2mrelationships /></entity>
</entities>`;

/** A zip of files by name. */
export const zipOf = (members) => zipSync(Object.fromEntries(Object.entries(members).map(([name, text]) => [name, strToU8(text)])));

const write = (name, content) => {
  const path = join(mkdtempSync(join(tmpdir(), "portage-")), name);
  writeFileSync(path, content);
  return path;
};

/** The table of accounts: the path of the schema. */
export const accountSchema = () => write("data_schema.xml", SCHEMA);

/** So many accounts: the path of the package. */
export function accountPackage(count) {
  const members = {
    "data.xml": data("account", Array.from({ length: count }, (_, at) => record(at + 1)).join("\n")),
    "data_schema.xml": SCHEMA,
    "[Content_Types].xml": "<Types />",
  };
  return write("accounts.zip", zipOf(members));
}
