// A data package of as many accounts as a test wants, and its schema.
import { strToU8, zipSync } from "fflate";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCHEMA = `<entities>
  <entity name="account" displayname="Account" primaryidfield="accountid" primarynamefield="name">
    <fields>
      <field displayname="Account" name="accountid" type="guid" primaryKey="true" />
      <field displayname="Account Name" name="name" type="string" />
    </fields>
  </entity>
</entities>`;

const record = (number) => `<record id="00000000-0000-4000-8000-${String(number).padStart(12, "0")}">
  <field name="name" value="Account ${number}" />
</record>`;

const data = (records) => `<entities xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" timestamp="2026-01-01T00:00:00.0000000Z">
  <entity name="account" displayname="Account"><records>${records.join("\n")}</records><m2mrelationships /></entity>
</entities>`;

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
    "data.xml": data(Array.from({ length: count }, (_, at) => record(at + 1))),
    "data_schema.xml": SCHEMA,
    "[Content_Types].xml": "<Types />",
  };
  return write("accounts.zip", zipSync(Object.fromEntries(Object.entries(members).map(([name, text]) => [name, strToU8(text)]))));
}
