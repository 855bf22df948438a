// Marks this page when the login is in place.
async function ask() {
  try {
    await chrome.runtime.sendMessage("ready?");
    document.body.id = "ready";
  } catch {
    // Nobody listens yet.
    await ask();
  }
}
ask();
