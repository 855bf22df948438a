// Drives Microsoft's own native-authentication client by lines of JSON.
//
// Each line of the input names one call, each line of the output tells what came of it:
// the state the client is in, and the error with every question about it that it answers by yes.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

const { SSPR_MODULES, SSPR_AUTHORITY, SSPR_CLIENT_ID } = process.env;
const require = createRequire(join(SSPR_MODULES, "package.json"));

becomeBrowser();
const { CustomAuthPublicClientApplication } = require("@azure/msal-browser/custom-auth");

const app = await CustomAuthPublicClientApplication.create({
    auth: { clientId: SSPR_CLIENT_ID, authority: SSPR_AUTHORITY, redirectUri: "/" },
    cache: { cacheLocation: "memoryStorage" },
    customAuth: { challengeTypes: ["oob", "password", "redirect"], capabilities: ["mfa_required", "registration_required"] },
});

const calls = {
    start: ({ username }) => app.resetPassword({ username }),
    code: ({ code }) => state.submitCode(code),
    resend: () => state.resendCode(),
    password: ({ password }) => state.submitNewPassword(password),
    signIn: ({ scopes }) => state.signIn({ scopes }),
    // What only V2 has; the other calls are the same.
    startV2: ({ username }) => app.resetPasswordV2({ username }),
    choose: ({ type }) => state.selectAuthMethod(state.methods.find((method) => method.type === type)),
    register: ({ type, contact }) => state.selectAuthMethod(state.methods.find((method) => method.type === type), contact),
    resendChallenge: () => state.resendChallenge(),
    challenge: ({ code }) => state.submitChallenge(code),
};

let state;
for await (const line of createInterface({ input: process.stdin })) {
    const { call, ...values } = JSON.parse(line);
    console.log(JSON.stringify(tell(await calls[call](values))));
}

// A failed call leaves the state as it was, so that it can be tried again.
function tell(result) {
    if (!result.error) {
        state = result.state;
    }
    return {
        state: state?.stateType,
        codeLength: state?.getCodeLength?.() ?? state?.codeLength,
        methods: state?.methods?.map?.(({ type, hint }) => ({ type, hint })),
        sentTo: state?.sentTo,
        account: result.data?.getAccount?.()?.username,
        error: result.error && { ...fields(result.error.errorData), yes: questions(result.error) },
    };
}

function fields({ error, errorDescription, subError, errorCodes, redirectReason, innerErrorCode }) {
    return { error, errorDescription, subError, errorCodes, redirectReason, innerErrorCode };
}

// The names of all methods `is…` that say yes.
function questions(error) {
    const names = new Set();
    for (let level = error; level; level = Object.getPrototypeOf(level)) {
        Object.getOwnPropertyNames(level).forEach((name) => names.add(name));
    }
    return [...names].filter((name) => /^is[A-Z]/.test(name) && !name.endsWith("Error") && error[name]?.() === true);
}

// The client wants a window; requests go out by Node's own fetch.
function becomeBrowser() {
    const { window } = new (require("jsdom").JSDOM)("", { url: "https://localhost/" });
    Object.defineProperty(window, "crypto", { value: globalThis.crypto });
    for (const name of ["document", "localStorage", "sessionStorage", "navigator", "location", "history"]) {
        Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
    }
    globalThis.window = window;
}
