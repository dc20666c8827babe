// Reads a data package with nothing of Portage's own code: zip by fflate, XML by scanning its tags.
import { readFileSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";

const TAG = /<(\/?)([A-Za-z0-9]+)((?:\s+[\w:.-]+\s*=\s*"[^"]*")*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*"([^"]*)"/g;

/** `{ schema: Map(table -> Map(column -> type)), tables: Map(table -> Map(id -> Map(column -> value))), links: Set }` */
export function readPackage(zip) {
  const members = unzipSync(typeof zip === "string" ? readFileSync(zip) : zip);
  const text = (name) => {
    const member = Object.keys(members).find((key) => key.toLowerCase().endsWith(name));
    if (!member) throw new Error(`the package has no ${name}: ${Object.keys(members)}`);
    return strFromU8(members[member]).replace(/^\uFEFF/, "");
  };
  const schemaXml = text("data_schema.xml");
  return { schemaXml, schema: readSchema(schemaXml), ...readData(text("data.xml")) };
}

export const countRecords = ({ tables }) => [...tables.values()].reduce((sum, records) => sum + records.size, 0);

function readSchema(xml) {
  const schema = new Map();
  let table;
  for (const { name, attributes } of opened(xml)) {
    if (name === "entity") schema.set(attributes.name, (table = new Map()));
    if (name === "field") table.set(attributes.name, attributes.type);
  }
  return schema;
}

function readData(xml) {
  const tables = new Map();
  const links = new Set();
  let table, record, source;
  for (const { name, attributes, text } of opened(xml)) {
    if (name === "entity") {
      table = tables.get(attributes.name) ?? new Map();
      tables.set(attributes.name, table);
    } else if (name === "record") {
      table.set(attributes.id.toLowerCase(), (record = new Map()));
    } else if (name === "field") {
      const { name: column, value, lookupentity } = attributes;
      record.set(column, { value: unescape(unescape(value ?? "")), lookupentity });
    } else if (name === "m2mrelationship") {
      source = attributes;
    } else if (name === "targetid") {
      links.add(`${source.m2mrelationshipname} ${source.sourceid} ${text}`.toLowerCase());
    }
  }
  return { tables, links };
}

/** Every opening tag, with its attributes (still escaped) and the text that follows it. */
function* opened(xml) {
  TAG.lastIndex = 0;
  for (let match; (match = TAG.exec(xml)); ) {
    const [, closing, name, rest] = match;
    if (closing) continue;
    const attributes = {};
    for (const [, key, value] of rest.matchAll(ATTRIBUTE)) attributes[key] = value;
    const text = xml.slice(TAG.lastIndex, xml.indexOf("<", TAG.lastIndex)).trim();
    yield { name, attributes, text };
  }
}

const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00A0" };

/** Once: values are HTML-encoded and then XML-escaped, so they take it twice. */
function unescape(text) {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return NAMED[name.toLowerCase()] ?? whole;
  });
}

/**
 * What of `imported` is not in `exported` as it was, and the other way round, in words.
 * `leftOut(table, column)`: values nobody may write; `skipped(table)`: tables whose rows are never written.
 */
export function differences(imported, exported, { leftOut, skipped }) {
  const found = [];
  for (const [table, records] of imported.tables) {
    if (skipped(table)) continue;
    const others = exported.tables.get(table) ?? new Map();
    for (const [id, record] of records) {
      const other = others.get(id);
      if (!other) found.push(`${table} ${id} was not exported`);
      else found.push(...recordDifferences(table, id, record, other, imported.schema, leftOut));
    }
    for (const id of others.keys()) if (!records.has(id)) found.push(`${table} ${id} was not imported`);
  }
  for (const link of imported.links) if (!exported.links.has(link)) found.push(`link ${link} was not exported`);
  for (const link of exported.links) if (!imported.links.has(link)) found.push(`link ${link} was not imported`);
  return found;
}

function recordDifferences(table, id, record, other, schema, leftOut) {
  const types = schema.get(table) ?? new Map();
  const columns = new Set([...record.keys(), ...other.keys()]);
  return [...columns]
    .filter((column) => !leftOut(table, column))
    .map((column) => [column, plain(record.get(column), types.get(column)), plain(other.get(column), types.get(column))])
    .filter(([, before, after]) => before !== after)
    .map(([column, before, after]) => `${table} ${id} ${column}: ${short(before)} became ${short(after)}`);
}

const short = (value) => (value.length > 80 ? `${value.slice(0, 80)}… (${value.length})` : value || "(empty)");

/** A value in a form in which equal values are equal texts. */
function plain(field, type) {
  const value = field?.value ?? "";
  if (value === "") return "";
  switch (type) {
    case "datetime":
      return instant(value);
    case "bool":
      return value.toLowerCase().replace(/^1$/, "true").replace(/^0$/, "false");
    case "decimal":
    case "money":
    case "float":
    case "number":
      return String(Number(value));
    case "entityreference":
    case "owner":
      return `${field.lookupentity} ${value}`.toLowerCase();
    case "guid":
      return value.toLowerCase().replace(/[{}]/g, "");
    case "optionsetvaluecollection":
      return (value.match(/-?\d+/g) ?? []).map(Number).sort((a, b) => a - b).join(",");
    default:
      return value;
  }
}

/** To the second, as the service keeps it; a time without a zone is compared as it stands. */
function instant(value) {
  const zoned = /Z$|[+-]\d\d:\d\d$/.test(value) ? value : `${value}Z`;
  const time = Date.parse(zoned.replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(time) ? value : String(Math.floor(time / 1000));
}
