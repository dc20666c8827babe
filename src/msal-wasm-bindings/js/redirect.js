// The page on which the sign-in service answers. In a window or a hidden frame it hands the answer to the page that
// waits for it, and closes; after a redirect it keeps the answer and goes back to where the person came from.
import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";

let leaving = false;

const navigation = {
  // Where nobody knows any more where the sign-in began, the library goes to the root of the host. The application
  // may live in a folder of it: the one of this page.
  navigateInternal(address) {
    leaving = true;
    location.replace(address === `${location.origin}/` ? new URL("./", location.href) : address);
    return Promise.resolve(true);
  },
};

const show = (id) => {
  for (const section of document.querySelectorAll("section")) {
    section.hidden = section.id !== id;
  }
};

try {
  await broadcastResponseToMainFrame(navigation);
  if (!leaving) {
    show("done");
  }
} catch {
  show("nothing");
}
