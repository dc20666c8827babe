// Packages of visits: small tables on which decisions about an import are tried. The same form makes an environment with
// rows of its own.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipOf } from "./account_package.mjs";
import { ask } from "./local_environment.mjs";

/** The id of that number. */
export const id = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const field = (name, type, more = "") => `<field displayname="${name}" name="${name}" type="${type}" ${more}/>`;

const table = (name, primaryName, fields) => `<entity name="${name}" displayname="${name}" primaryidfield="${name}id" primarynamefield="${primaryName}">
  <fields>${field(`${name}id`, "guid", 'primaryKey="true" ')}${fields}</fields>
</entity>`;

/** Visits; `unique`: a visit is told by its name. */
const visits = (unique) =>
  table(
    "contoso_visit",
    "contoso_name",
    field("contoso_name", "string", unique ? 'updateCompare="true" ' : "") +
      field("contoso_note", "string") +
      field("ownerid", "owner"),
  );

const USERS = table("systemuser", "fullname", field("fullname", "string") + field("domainname", "string"));

const value = ([name, value]) =>
  typeof value === "object"
    ? `<field name="${name}" value="${value.id}" lookupentity="${value.table}" lookupentityname="${value.name}" />`
    : `<field name="${name}" value="${value}" />`;

const rows = (table, records) => `<entity name="${table}" displayname="${table}"><records>
  ${records.map(({ id, ...values }) => `<record id="${id}">${Object.entries(values).map(value).join("")}</record>`).join("\n")}
</records><m2mrelationships /></entity>`;

const zip = (schema, data) =>
  zipOf({
    "data.xml": `<entities xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" timestamp="2026-01-01T00:00:00.0000000Z">${data}</entities>`,
    "data_schema.xml": `<entities>${schema}</entities>`,
    "[Content_Types].xml": "<Types />",
  });

/** A visit: `{ number, name, note, owner }`. Without a note the record has no value there. */
const visit = ({ number, name, note, owner }) => ({
  id: id(number),
  contoso_name: name,
  ...(note && { contoso_note: note }),
  ...(owner && { ownerid: { ...owner, table: "systemuser" } }),
});

/** A package of visits as a file to choose; `unique`: its schema says that a visit is told by its name. */
export const visitPackage = (records, { unique = false } = {}) => ({
  name: "visits.zip",
  mimeType: "application/zip",
  buffer: Buffer.from(zip(visits(unique), rows("contoso_visit", records.map(visit)))),
});

/** What an environment has: the path of a package for the emulator. Users: `{ number, name }`. */
export function visitsThere(records, users = []) {
  const user = ({ number, name }) => ({
    id: id(number),
    fullname: name,
    domainname: `${name.toLowerCase().replaceAll(" ", ".")}@contoso.example`,
  });
  const data = rows("systemuser", users.map(user)) + rows("contoso_visit", records.map(visit));
  const path = join(mkdtempSync(join(tmpdir(), "portage-")), "there.zip");
  writeFileSync(path, zip(visits(false) + USERS, data));
  return path;
}

/** The visits of an environment by number: `{ 1: ["Audit", "a note"], … }`. */
export async function visitsOf(url) {
  const { value } = await ask(url, "contoso_visits?$select=contoso_visitid,contoso_name,contoso_note");
  const numbered = value.map((row) => [Number(row.contoso_visitid.slice(-12)), [row.contoso_name, row.contoso_note]]);
  return Object.fromEntries(numbered);
}
