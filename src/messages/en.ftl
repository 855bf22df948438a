## Steps

step-captcha = Type the characters that the picture shows.
step-reset-or-unlock = Choose what you need: a new password, or only to unlock the account and keep the password.
step-choose-method = Choose how to prove who you are.
step-confirm-contact = { $hint ->
    [none] Type the whole phone number or address that is registered.
   *[other] Type the whole phone number or address that is registered: { $hint }
}
step-enter-code = { $hint ->
    [app] Type the code that the authenticator app or the token shows.
    [none] If this account can be reset, a code is on its way to the address registered for it. Type the code.
   *[other] A code was sent to { $hint }. Type the code.
}
step-questions = Answer your security questions as you did when you registered them.
step-approve = Approve the request on your other device, or answer the call.
step-enter-current-password = Type your current password, even if it has expired.
step-new-password = Choose a new password of { $min } to { $max } characters. Mix small letters, capital letters, digits and symbols.
step-applying = The new password is being set. Please wait.
step-use-browser = This account is reset on a web page.

## Ways to prove who you are

method-email = A code by e-mail
method-mobile-sms = A code by text message
method-mobile-call = A call to the mobile phone
method-office-call = A call to the office phone
method-app-notification = A request in the authenticator app
method-app-code = A code from the authenticator app
method-security-questions = Security questions
method-other = Another way: { $word }

## Refused answers

rejection-unknown-method = This way is not offered.
rejection-wrong-contact = This is not what is registered.
rejection-wrong-code = The code is not right, or no longer valid.
rejection-unreadable-code = This cannot be the code: it has only letters and digits.
rejection-not-approved = The request was not approved.
rejection-missing-answer = Something is still missing. Fill in every field.
rejection-wrong-solution = These are not the characters in the picture. Look at the new one.
rejection-wrong-answers = The answers are not those that are registered.
rejection-wrong-password = This is not the current password.
rejection-password-too-short = The password is too short.
rejection-password-too-long = The password is too long.
rejection-password-characters = The password may hold only unaccented letters, digits, blanks and the symbols on a US keyboard.
rejection-password-too-weak = The password is too easy to guess. Mix small letters, capital letters, digits and symbols.
rejection-password-recently-used = The password was used before. Choose another one.
rejection-password-banned = The password holds a word or pattern that is not allowed. Choose another one.
rejection-password-contains-name = The password holds your name. Choose another one.
rejection-password-not-complex = The password does not meet the rules of your organization. Choose a longer or more mixed one.
rejection-password-invalid = The service cannot use this password. Choose another one.
rejection-not-applied = The service could not set this password. Choose another one.
rejection-other = The service refused the answer ({ $code }).

## Outcomes

outcome-password-changed = The new password is set.
outcome-changed-cloud-pending = The password is changed. It may take some minutes until it works everywhere.
outcome-unlocked = The account is unlocked. The password is still the old one.
outcome-not-registered = Too little is registered for this account to prove who you are. The help desk can reset the password.
outcome-needs-administrator = Only an administrator can reset this password ({ $code }).
outcome-blocked = There were too many tries. Wait, or ask the help desk.
outcome-expired = This took too long. Please begin again.
outcome-declined = The password could not be reset here. Check the user name, or ask the help desk.
outcome-unknown = The connection was lost while the new password was being set. It may be valid already.

advice-try-new-password-first = Sign in with the new password first. If it does not work, begin again.

## Faults: configuration

fault-no-protocol = This program was set up without a way to reset passwords.
fault-no-crypto-provider = This program was built without encryption.
fault-invalid-authority = The address of the sign-in service is not set up correctly.
fault-invalid-client-id = The application is not set up correctly.
fault-invalid-setting = A setting of this program cannot be used: { $setting }
fault-no-runtime = This program is not able to use the network here.
fault-application-refused = The organisation does not allow this program to reset passwords ({ $code }).
fault-challenge-type-refused = The organisation does not allow this way to reset passwords ({ $code }).

## Faults: network

fault-no-network = This computer is not connected to a network.
fault-name-not-found = The network does not know the name { $host }.
fault-name-not-found-directly = The network does not know the name { $host }, and the proxy settings of this computer name a proxy only for others.
fault-name-timed-out = The network did not say in time where { $host } is.
fault-connection-refused = { $host } refused the connection.
fault-unreachable = { $host } cannot be reached from here.
fault-connect-timed-out = { $host } did not answer.

## Faults: encryption

fault-tls-too-old = { $host } offers only outdated encryption.
fault-tls-no-common-parameters = { $host } offers no encryption that is accepted here.
fault-tls-client-certificate-wanted = { $host } wants this computer to show a certificate. It should not have to.
fault-tls-not-tls = Something on the way to { $host } answers without encryption.
fault-tls-ended = The connection to { $host } was cut while encryption was being set up.
fault-tls-timed-out = { $host } took too long to set up encryption.
fault-tls-alert = { $host } refused to set up encryption.
fault-tls-ems-missing = { $host } offers encryption without a protection that is required here.
fault-tls-name-refused = { $host } says that it does not serve this name.
fault-tls-misbehaved = { $host } made a mistake while encryption was being set up.

## Faults: trust

fault-trust-unknown-issuer = { $issuer ->
    [none] The connection to { $host } is not trusted. Something on the way may be inspecting it.
   *[other] The connection to { $host } is not trusted. Its certificate comes from { $issuer }, which may be inspecting it.
}
fault-trust-inspected = The connection to { $host } is being inspected on its way ({ $issuer }), which is not allowed here.
fault-trust-name-mismatch = The certificate of { $host } belongs to another name.
fault-trust-expired = The certificate of { $host } has expired, or the clock of this computer is wrong.
fault-trust-not-yet-valid = The certificate of { $host } is not valid yet, or the clock of this computer is wrong.
fault-trust-not-pinned = The certificate of { $host } comes from an authority that Microsoft does not use for it ({ $issuer }).
fault-trust-missing-intermediate = { $host } does not show the certificate of its authority ({ $issuer }).
fault-trust-distrusted-root = The certificate of { $host } comes from an authority that is no longer trusted ({ $issuer }).
fault-trust-anchor-expired = The authority of { $host } has expired ({ $issuer }), or the clock of this computer is wrong.
fault-trust-disallowed = A certificate of { $host } is disallowed on this computer.
fault-trust-weak-key = The certificate of { $host } has an outdated key.
fault-trust-lives-too-long = The certificate of { $host } is valid for longer than is allowed.
fault-trust-self-signed = The certificate of { $host } vouches only for itself.
fault-trust-weak-signature = The certificate of { $host } is signed in an outdated way.
fault-trust-authority-as-server = { $host } shows the certificate of an authority as its own.
fault-trust-constraint-violated = The certificate of { $host } goes beyond what its authority may sign.
fault-trust-unsupported-critical = The certificate of { $host } holds a condition that is not known here.
fault-trust-too-complex = The certificates of { $host } lead nowhere.
fault-trust-malformed = The certificate of { $host } cannot be read.
fault-trust-bad-signature = The certificate of { $host } is not signed properly.
fault-trust-wrong-purpose = The certificate of { $host } is not meant for a server.
fault-trust-unacceptable = The certificate of { $host } cannot be accepted.

fault-clock-before-build = The clock of this computer is wrong: it shows a time that is long past.
fault-clock-behind = The clock of this computer is slow.
fault-clock-differs = The clock of this computer and that of the service show different times.

## Faults: revocation

fault-revocation-revoked = The certificate of { $host } was withdrawn. The connection is not safe.
fault-revocation-status-unknown = The authority does not know the certificate of { $host }. The connection may not be safe.
fault-revocation-stale = Whether the certificate of { $host } was withdrawn is not known: the answers are out of date, or the clock of this computer is wrong.
fault-revocation-wrong-answer = Whether the certificate of { $host } was withdrawn is not known: the answer cannot be relied on.
fault-revocation-unreachable = Whether the certificate of { $host } was withdrawn is not known, because nobody could be asked: { $hosts }
fault-revocation-no-information = Whether the certificate of { $host } was withdrawn cannot be asked: it names nobody.
fault-revocation-must-staple-missing = { $host } does not prove that its certificate is still good, as the certificate demands.
## Faults: choice of the proxy

fault-proxy-store = The proxy settings of this computer cannot be read: { $place }
fault-proxy-no-usable-server = The proxy settings of this computer name no proxy that can be used: { $place }
fault-proxy-pac-engine-missing = The proxy settings of this computer name a script, and this program runs none: { $place }
fault-proxy-pac = The script that chooses the proxy gave no answer: { $place }
fault-proxy-wpad-disabled = A policy forbids looking for a proxy: { $place }
fault-proxy-wpad-untrusted = The script that chooses the proxy is not on this network: { $host }
fault-proxy-host-invalid = The address of the service cannot be one.

## Faults: the proxy

fault-proxy-unreachable = The proxy { $proxy } cannot be reached.
fault-proxy-tls = No secure connection to the proxy { $proxy } is possible.
fault-proxy-all-failed = None of the { $count } ways to the internet works at present.
fault-proxy-closed = The proxy { $proxy } ended the connection.
fault-proxy-timed-out = The proxy { $proxy } takes too long.
fault-proxy-protocol-mismatch = The proxy { $proxy } does not speak as its settings say.
fault-proxy-malformed = The proxy { $proxy } gave an answer that cannot be read.
fault-proxy-too-large = The proxy { $proxy } gave an answer that is too large.
fault-proxy-socks = The proxy { $proxy } did not open the connection.
fault-proxy-refused = The proxy { $proxy } does not let this connection pass (status { $status }).
fault-proxy-captive-portal = This network wants you to sign in on a page of its own first: { $proxy }
fault-proxy-tunnel-not-tls = The proxy { $proxy } put something else in the place of { $host }.
fault-proxy-unexpected-tunnel-data = The proxy { $proxy } interfered with the connection.
fault-proxy-no-challenge = The proxy { $proxy } wants a login, but does not say which.
fault-proxy-no-acceptable-scheme = The proxy { $proxy } wants a login that this computer may not use.
fault-proxy-basic-refused-plaintext = The proxy { $proxy } wants a password that others could read. It was not sent.
fault-proxy-credentials-missing = The proxy { $proxy } wants a login, and this computer has none for it.
fault-proxy-credential-scope-denied = The proxy { $proxy } wants a login, but is not among those that may get one.
fault-proxy-credentials-unusable = The login for the proxy { $proxy } has characters that cannot be sent.
fault-proxy-credentials-rejected = The proxy { $proxy } refused the login.
fault-proxy-closed-during-auth = The proxy { $proxy } ended the connection during the login.
fault-proxy-auth-loop = The proxy { $proxy } asks for the login again and again.
fault-proxy-digest-unsupported = The proxy { $proxy } wants a kind of login that is not supported.
fault-proxy-ntlm-challenge = The proxy { $proxy } sent a login request that cannot be used.
fault-proxy-kerberos = This computer could not prove its identity to the proxy { $proxy }.

## Faults: the gateway for a web view

fault-gateway-host-not-allowed = The page wants to go to { $host }, which is not allowed here.
fault-gateway-port-not-allowed = The page wants to go to { $host } in an unusual way (port { $port }), which is not allowed here.
fault-gateway-address-not-allowed = The page wants to go to { $address }, which is an address and not a name. That is not allowed here.
fault-gateway-private-address = The network says that { $host } is on this network ({ $address }). It should not be.
fault-gateway-way-changes = The network goes another way to { $host } each time.
fault-gateway-foreign-process = Another program on this computer tried to use the connection of this page. It was kept out.
fault-gateway-unknown-process = A program that cannot be recognised tried to use the connection of this page. It was kept out.
fault-gateway-wrong-token = A program tried to use the connection of this page with a wrong password. It was kept out.
fault-gateway-method-not-allowed = The page wants a connection without encryption, which is not allowed here.
fault-gateway-malformed = The browser of this page sent a request that cannot be read.
fault-gateway-head-too-large = The browser of this page sent a request that is too large.
fault-gateway-head-timed-out = The browser of this page did not finish its request.
fault-gateway-too-many-tunnels = The page has too many connections open.
fault-gateway-traffic-limit = The page has sent or received more than it may.

## Faults: exchange

fault-closed = { $host } ended the connection too early.
fault-timed-out = { $host } took too long to answer.
fault-not-http = Something on the way to { $host } gave an answer that makes no sense.
fault-encoded = { $host } sent its answer in a form that is not accepted here.
fault-head-too-large = { $host } sent more headers than it may.
fault-too-large = { $host } sent more than it may.
fault-exchange-failed = The connection to { $host } failed.
fault-throttled = The service is asking to wait before the next try.
fault-service-unavailable = The service is not available right now (status { $status }).
fault-cookies-refused = The service did not get its cookies back. Please begin again.
fault-writeback-unavailable = The service cannot reach the directory of your organisation right now ({ $code }).
fault-redirect-refused = Something on the way leads to another page (status { $status }).
fault-unexpected-status = The service gave an unexpected answer (status { $status }).
fault-unexpected-content-type = A page came instead of the answer of the service (status { $status }).

## Faults: protocol

fault-unreadable = The answer of the service cannot be read (status { $status }).
fault-missing-field = The answer of the service is incomplete: { $field }
fault-invalid-field = The answer of the service cannot be used: { $field }
fault-unknown-word = The service answered something unknown: { $field } = { $word }
fault-link-refused = The answer of the service leads to where nothing may be sent: { $host }
fault-no-methods = The service offers no way to prove who you are.
fault-temporarily-refused = The service cannot do this at present ({ $code }).
fault-refused = The service refused ({ $code }).

## Faults: account and input

fault-account-not-found = There is no account with this name.
fault-nothing-to-reset = This account has no password.
fault-contact-refused = The service does not send codes to the registered address ({ $code }).
fault-misuse = This program asked for something that is not possible now.
fault-invalid-username = This cannot be a user name.

## What to do

remedy-correct-input = Correct it and try again.
remedy-try-again = Try again.
remedy-try-later = Wait a while, then try again.
remedy-connect-network = Connect the computer to a network, then try again.
remedy-set-clock = Set the clock of this computer. If it is right, the certificate has to be renewed.
remedy-use-browser = Use the web page instead.
remedy-ask-help-desk = Ask the help desk to reset the password.
remedy-open-firewall = Let the network pass the connection to the named host.
remedy-correct-host-name = Check the name of the host and the DNS servers of this computer.
remedy-exempt-from-inspection = Exempt the named host from inspection, or set up the inspecting authority.
remedy-raise-tls = Enable TLS 1.2 or 1.3 on the server or on what stands before it.
remedy-correct-proxy-settings = Correct the proxy settings of this computer, or the script of the network.
remedy-correct-proxy-login = Give this computer a login at the proxy, or let it pass without one.
remedy-correct-certificate = Renew or correct the certificate of the named host.
remedy-allow-host = Add the named host to those that the reset page may use.
remedy-enable-native-authentication = Enable native authentication and self-service password reset for the application.
remedy-correct-settings = Correct how this program was set up.
remedy-report-answer = Report this to those who made the program.
remedy-enable-reset-link = Enable the link by policy or by device management.
remedy-correct-registry-value = Write the value anew, with the type and a content that are documented.
remedy-look-with-more-rights = Look at it on the computer itself, with the rights to read it.
remedy-check-by-hand = Check this by hand.
remedy-relax-policy = Change the policy that sets this value, or reset passwords with another program than that of Windows.
remedy-restore-shell = Make Explorer the shell again.
remedy-update-windows = Update Windows to version 1803 or newer.
remedy-change-edition = Change to Windows Pro, Enterprise or Education.
remedy-join-computer = Join the computer to the organisation's directory in the cloud.
remedy-reach-domain-controller = Connect the computer to the organisation's network, or to a VPN that reaches it.
remedy-try-without-credential-provider = Try without this sign-in method, and ask its maker.
remedy-sit-at-computer = Reset the password at the computer itself.
remedy-use-machine-authentication = Let the network authenticate the computer instead of the user.
remedy-enable-tls12 = Enable TLS 1.2 in Windows.
remedy-install-add-in = Install the add-in for this version of Windows.
remedy-remove-add-in = Remove the add-in.
remedy-end-verbose-log = Set EnableLogging to 0 when the log is no longer needed.
remedy-remove-left-over-profiles = Remove the left-over profiles.

who-person = You can do this yourself.
who-help-desk = The help desk can do this.
who-administrator = An administrator can do this.
who-developer = Those who made the program can do this.

## Stations of the way

stage-configuration = Settings
stage-machine = This computer's setup
stage-network = Network
stage-proxy-resolution = Choice of the proxy
stage-proxy = Proxy
stage-dns = Name lookup
stage-connect = Connection
stage-tls = Encryption
stage-trust = Certificate
stage-revocation = Revocation check
stage-http = Exchange with the service
stage-protocol = Answer of the service
stage-account = Account
stage-local = This computer

## This computer

readiness-link-not-enabled = The link to reset a password is not enabled on the sign-in screen of Windows.
readiness-link-disputed = One setting enables the link to reset a password, and another one does not.
readiness-unreadable = This setting cannot be read as what it should be: { $place }
readiness-unknown-content = This setting has a content that nobody documents: { $place }
readiness-too-many-entries = This list is longer than { $limit } entries, and the rest was not looked at: { $place }
readiness-not-told = This could not be found out: { $place }
readiness-to-check-by-hand = This can be checked by hand only: { $place }
readiness-windows-too-old = This Windows is too old for the link to reset a password.
readiness-home-edition = The Home edition of Windows has no link to reset a password.
readiness-other-edition = It is not known whether this edition of Windows has a link to reset a password.
readiness-joined-to-domain-only = This computer belongs to a domain only, and not to the organisation's directory in the cloud.
readiness-not-joined = This computer does not belong to an organisation.
readiness-join-key-empty = The place for joins to an organisation exists, but holds none.
readiness-several-joins = This computer has { $count } joins to an organisation.
readiness-join-disputed = The registry and the system say different things about what this computer belongs to.
readiness-domain-controller-needed = The new password works on this computer only after it has seen the organisation's network.
readiness-lock-screen-notifications-off = Notifications on the lock screen are switched off.
readiness-user-switching-hidden = Switching between users is hidden.
readiness-last-user-hidden = The name of the last user is not shown.
readiness-no-lock-screen = The lock screen is switched off.
readiness-app-install-blocked = Only administrators may install packaged apps.
readiness-lost-mode = This computer is marked as lost.
readiness-smart-card-required = A smart card is required to sign in.
readiness-uac-off = User account control is switched off.
readiness-three-together = Three settings together are in the way: Ctrl+Alt+Del, no notifications on the lock screen, and the Home edition.
readiness-custom-shell = Another program stands where Explorer should.
readiness-shell-unnamed = No program is named where Explorer should be.
readiness-foreign-credential-provider = A sign-in method does not come with Windows and may be in the way: { $name }
readiness-unknown-credential-provider = A sign-in method is not known to come with Windows: { $name }
readiness-remote-session = This computer is being used from another one.
readiness-network-waits-for-user = The network { $profile } is not there until somebody signs in.
readiness-tls12-off = Windows has TLS 1.2 switched off.
readiness-tls12-not-by-default = Windows uses TLS 1.2 only for programs that ask for it.
readiness-tls12-not-enabled = TLS 1.2 is not enabled expressly, as this Windows needs it.
readiness-winhttp-without-tls12 = The HTTP services of Windows do not use TLS 1.2.
readiness-add-in-missing = The add-in to reset passwords is not installed.
readiness-add-in-left-over = The add-in for older versions of Windows is still installed.
readiness-add-in-logging = The add-in to reset passwords is writing its verbose log.
readiness-left-over-profiles = { $count } profiles of the temporary account of Windows were left over. Microsoft calls them harmless, but users have reported that many of them break the reset.
readiness-clock-wrong = The clock of this computer shows a time that is long past.

effect-blocks-built-in = This concerns only the reset that is built into Windows.
effect-blocks-all = Until this is solved, no password can be reset here.
effect-afterwards = This matters only once the password is reset.
effect-remark = This is only worth knowing.

screen-ready = You can reset your password here.
screen-perhaps-not-ready = You can try to reset your password here. If it does not work, ask the help desk.
screen-not-ready = Passwords cannot be reset at this computer right now. Please ask the help desk.
screen-needs-organisation = You can reset your password here. Afterwards, connect this computer to your organisation's network to sign in with it.

## Proxy settings

proxy-finding-unreadable = This proxy setting cannot be read: { $place }
proxy-finding-set-but-ignored = { $because ->
    [store-before] This proxy setting is not used, because another place comes first: { $place }
    [per-machine-policy] This proxy setting is not used, because only those of the whole computer count: { $place }
    [per-user-policy] This proxy setting is not used, because those of the whole computer do not count: { $place }
    [switched-off] This proxy setting is remembered, but switched off: { $place }
    [not-read-by-windows] Windows does not look at this proxy setting: { $place }
    [stale] This proxy setting is not used, because its file may be out of date: { $place }
   *[other] This program does not use this proxy setting: { $place }
}
proxy-finding-store-disagreement = Two proxy settings contradict each other. The one that counts: { $place }
proxy-finding-per-machine-empty = Only the proxy settings of the whole computer count, and there are none.
proxy-finding-unknown-policy-value = This policy has a content that nobody documents: { $place }
proxy-finding-enabled-without-server = A proxy is switched on, but none is named: { $place }
proxy-finding-server-refused = A part of this proxy setting cannot be used ({ $part }): { $place }
proxy-finding-bypass-entry-refused = An exception from the proxy cannot be used ({ $part }): { $place }
proxy-finding-bypass-list-too-long = The last { $count } exceptions from the proxy were not read: { $place }
proxy-finding-auto-detect-not-asked-for = Looking for a proxy is switched on, but this program does not do it.
proxy-finding-wpad-disabled = A policy forbids looking for a proxy: { $place }
proxy-finding-no-server-for-scheme = The proxy settings name no proxy for addresses of this kind: { $scheme }
proxy-finding-bypassed = The proxy settings make an exception of { $host }.
proxy-finding-manual-instead-of-script = The script that chooses the proxy gave no answer, so the proxy named beside it is used.
proxy-finding-captive-portal-suspected = A page came instead of the script that chooses the proxy. Perhaps this network wants you to sign in on a page of its own first.
proxy-finding-script-part-dropped = A part of what the script that chooses the proxy answered cannot be used: { $part }
proxy-finding-cgi-hazard = This environment variable is not used, because a request from outside may have set it: { $variable }
proxy-finding-stored-credentials-ignored = A user name and a password are stored beside the proxy. They are not used: { $place }

## A page about a fault

page-title = The page cannot be opened
page-stage = Where
page-cause = What happened
page-remedy = What helps
page-correlation = For the help desk

## Diagnosis

verdict-ok = Nothing is in the way of a password reset.
verdict-degraded = Passwords can be reset, but something should be mended.
verdict-blocked = Passwords cannot be reset: something is in the way.
sign-captive-portal = This network wants you to sign in on a page of its own first.
sign-inspection = Someone on the way opens encrypted connections.
sign-proxy-wants-login = A proxy wants to know who asks.
sign-clock-suspect = The clock of this computer may be wrong.
sign-revocation-blocked = It cannot be asked whether certificates were revoked.
sign-mixed-answers = Some servers can be reached and others cannot.
report-problems = What is in the way:
report-what-to-do = What to do:
report-concerns = On the way to:
report-way = The way, station by station:
