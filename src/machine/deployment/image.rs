//! What to see to before an image of Windows is made.

use super::{Piece, Undo};

pub(super) fn piece() -> Piece {
    Piece {
        file: "images.txt",
        purpose: "What to do before sysprep, where an answer file has CopyProfile.",
        content: "Before sysprep, and before its step CopyProfile, clear the web cache of the built-in Administrator.\n\
                  CopyProfile makes that profile the Default profile, from which every new profile is copied, that of the\n\
                  temporary account included: a full cache makes each first sign-in slow.\n\
                  Proxy settings of that profile are copied as well: see default-profile-proxy.cmd.\n"
            .to_owned(),
        undo: Undo::Step("nothing to undo: the cache fills again by itself"),
    }
}
