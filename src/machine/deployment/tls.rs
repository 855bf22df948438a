//! TLS 1.2 in Windows, for the reset that is built in. This crate brings its own.

use super::registry_text::{Entry, export};
use super::{Piece, Undo};

const CLIENT: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client";
const WINHTTP: [&str; 2] = [
    r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp",
    r"HKEY_LOCAL_MACHINE\SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp",
];
const PROTOCOLS: &str = "DefaultSecureProtocols";
/// TLS 1.2, and nothing older.
const TLS_1_2: u32 = 0x800;

pub(super) fn pieces() -> [Piece; 2] {
    let set = [
        ("Enabled", Entry::Number(1)),
        ("DisabledByDefault", Entry::Number(0)),
    ];
    let unset = [
        ("Enabled", Entry::Remove),
        ("DisabledByDefault", Entry::Remove),
    ];
    let [native, wow] = WINHTTP;
    let winhttp = [(PROTOCOLS, Entry::Number(TLS_1_2))];
    let no_winhttp = [(PROTOCOLS, Entry::Remove)];
    [
        Piece {
            file: "tls-1.2.reg",
            purpose: "Enables TLS 1.2 in Windows expressly: needed on Windows 7 to 8.1, and wherever it was switched off. The \
                      undo leaves it to Windows: note other values of this key before.",
            content: export(&[(CLIENT, &set)]),
            undo: Undo::File {
                file: "tls-1.2.undo.reg",
                content: export(&[(CLIENT, &unset)]),
            },
        },
        Piece {
            file: "tls-1.2.windows-7-8.reg",
            purpose: "Makes the HTTP services of Windows 7 and 8 use TLS 1.2; they need the update KB3140245 for it. The \
                      undo leaves it to Windows: note other values of these keys before.",
            content: export(&[(native, &winhttp), (wow, &winhttp)]),
            undo: Undo::File {
                file: "tls-1.2.windows-7-8.undo.reg",
                content: export(&[(native, &no_winhttp), (wow, &no_winhttp)]),
            },
        },
    ]
}
