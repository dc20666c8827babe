// A package of one home page, with the least that a portal's pages need.
import { data, zipOf } from "./account_package.mjs";

const SCHEMA = `<entities>
  <entity name="adx_webpage" displayname="Web Page" primaryidfield="adx_webpageid" primarynamefield="adx_name">
    <fields>
      <field displayname="Web Page" name="adx_webpageid" type="guid" primaryKey="true" />
      <field displayname="Name" name="adx_name" type="string" />
      <field displayname="Partial URL" name="adx_partialurl" type="string" />
      <field displayname="Is Root" name="adx_isroot" type="bool" />
    </fields>
  </entity>
</entities>`;

const RECORD = `<record id="00000000-0000-4000-8000-000000000001">
  <field name="adx_name" value="Home" />
  <field name="adx_partialurl" value="/" />
  <field name="adx_isroot" value="True" />
</record>`;

export const homePage = {
  name: "home.zip",
  mimeType: "application/zip",
  buffer: Buffer.from(
    zipOf({ "data.xml": data("adx_webpage", RECORD), "data_schema.xml": SCHEMA, "[Content_Types].xml": "<Types />" }),
  ),
};
