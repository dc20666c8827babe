// What the bindings use of MSAL, and nothing else.
export { PublicClientApplication, version } from "@azure/msal-browser";
