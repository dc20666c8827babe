// Three organizations, their people, their environments in five clouds, and the app registrations they know.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync } from "fflate";

const root = resolve(fileURLToPath(import.meta.url), "../../..");

/** Asks people for consent. */
export const CONTOSO = { id: "11111111-1111-4111-8111-111111111111", domain: "contoso.onmicrosoft.com" };
/** Has consented for everybody. */
export const FABRIKAM = { id: "22222222-2222-4222-8222-222222222222", domain: "fabrikam.onmicrosoft.com" };
/** Lets only administrators consent. */
export const TAILSPIN = { id: "33333333-3333-4333-8333-333333333333", domain: "tailspin.onmicrosoft.com" };

const person = (number, name, { domain }) => ({
  id: `aaaaaaaa-0000-4000-8000-00000000000${number}`,
  name,
  username: `${name.split(" ")[0].toLowerCase()}@${domain}`,
});

/** Works at Contoso and is a guest of Fabrikam. */
export const ADELE = person(1, "Adele Vance", CONTOSO);
/** Works at Fabrikam. */
export const BIANCA = person(2, "Bianca Pisani", FABRIKAM);
/** Works at Contoso, is nobody's guest, and member of no environment. */
export const ALEX = person(3, "Alex Wilber", CONTOSO);
/** Works at Tailspin. */
export const CARLOS = person(4, "Carlos Slattery", TAILSPIN);

/** The registration that `config.json` names. */
export const CLIENT_ID = "c0ffee00-1234-4321-8888-c0ffee000001";
/** One that somebody at Contoso has made, for Contoso alone. */
export const OWN_CLIENT_ID = "c0ffee00-1234-4321-8888-c0ffee000002";
/** One that lists another address than this page's. */
export const ELSEWHERE_CLIENT_ID = "c0ffee00-1234-4321-8888-c0ffee000003";

const application = (id, name, more) => ({ id, name, redirects: ["http://localhost/redirect.html"], ...more });

const environment = (url, { domain }, members, region = "NA") => ({
  tenant: domain,
  url,
  members: members.map(({ username }) => username),
  region,
});

/** Each cloud's environment of Contoso. */
export const CONTOSO_ENVIRONMENTS = {
  "contoso-dev": "https://contoso-dev.crm.dynamics.com",
  "contoso-gcc": "https://contoso.crm9.dynamics.com",
  "contoso-high": "https://contoso.crm.microsoftdynamics.us",
  "contoso-dod": "https://contoso.crm.appsplatform.us",
  "contoso-china": "https://contoso.crm.dynamics.cn",
};

export const CONTOSO_DEV = CONTOSO_ENVIRONMENTS["contoso-dev"];
export const FABRIKAM_TEST = "https://fabrikam-test.crm4.dynamics.com";

/** What the stand-in is started with. */
export const directory = {
  tenants: [
    { ...CONTOSO, name: "Contoso", consent: "user" },
    { ...FABRIKAM, name: "Fabrikam", consent: "granted" },
    { ...TAILSPIN, name: "Tailspin Toys", consent: "admin" },
  ],
  users: [{ ...ADELE, guestOf: [FABRIKAM.domain] }, BIANCA, ALEX, CARLOS],
  applications: [
    application(CLIENT_ID, "Portage", { audience: "organizations" }),
    application(OWN_CLIENT_ID, "Contoso's Portage", { audience: CONTOSO.domain }),
    application(ELSEWHERE_CLIENT_ID, "Somewhere else", { redirects: ["https://elsewhere.example/redirect.html"] }),
  ],
  environments: {
    ...Object.fromEntries(
      Object.entries(CONTOSO_ENVIRONMENTS).map(([name, url]) => [name, environment(url, CONTOSO, [ADELE])]),
    ),
    "fabrikam-test": environment(FABRIKAM_TEST, FABRIKAM, [ADELE, BIANCA], "EMEA"),
  },
};

/** The tables of a portal. */
export const portalSchema = join(root, "schemas/dataverse-blank.xml");

/** The demo's portal as a data package: the path of the file. */
export function portalPackage() {
  const members = {
    "data.xml": readFileSync(join(root, "src/demo/contoso_development.xml")),
    "data_schema.xml": readFileSync(portalSchema),
    "[Content_Types].xml": strToU8("<Types />"),
  };
  const path = join(mkdtempSync(join(tmpdir(), "portage-")), "contoso.zip");
  writeFileSync(path, zipSync(Object.fromEntries(Object.entries(members).map(([name, bytes]) => [name, new Uint8Array(bytes)]))));
  return path;
}
