//! The add-in for Windows 7 to 8.1.

use super::{Piece, Undo};

pub(super) fn piece() -> Piece {
    Piece {
        file: "windows-7-8.cmd",
        purpose: "Installs the add-in on Windows 7, 8 and 8.1, silently: get the installer for each of them from \
                  https://aka.ms/sspraddin, enable TLS 1.2 first, and restart afterwards.",
        content: "@echo off\nrem Run as an administrator, beside the installer. By hand, in its folder:\n\
                  rem msiexec /i SsprWindowsLogon.PROD.msi /qn\n\
                  msiexec /i \"%~dp0SsprWindowsLogon.PROD.msi\" /qn\n"
            .to_owned(),
        undo: Undo::File {
            file: "windows-7-8.undo.cmd",
            content: "@echo off\nrem Run as an administrator, beside the installer. By hand, in its folder:\n\
                      rem msiexec /x SsprWindowsLogon.PROD.msi /qn\n\
                      msiexec /x \"%~dp0SsprWindowsLogon.PROD.msi\" /qn\n"
                .to_owned(),
        },
    }
}
