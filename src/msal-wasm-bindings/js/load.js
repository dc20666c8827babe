// Loads the bundle when somebody signs in, not before: it is half the weight of the page.
export const load = (address) => import(new URL(address, document.baseURI).href);
