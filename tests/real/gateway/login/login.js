// Shows `login` to a proxy that asks for it: once for each request, as asking again means that it is wrong.
const asked = new Set();
chrome.webRequest.onAuthRequired.addListener(
  ({ isProxy, requestId }) => {
    if (!isProxy || asked.has(requestId)) return { cancel: true };
    asked.add(requestId);
    return { authCredentials: login };
  },
  { urls: ["<all_urls>"] },
  ["blocking"],
);

// Whoever gets an answer knows that all of the above is in place.
chrome.runtime.onMessage.addListener((message, sender, answer) => answer(true));
