//! What an administrator needs so that people can reset their passwords, as files and words, each with its undo.
//!
//! A [`Kit`] is made for one cloud and, if there is one, one proxy. It writes nothing itself: the example
//! `deployment_kit` puts its files into a folder. The texts are in English, for administrators; what a person at the
//! sign-in screen reads is in [`messages`](crate::messages).
//!
//! ```
//! use sspr::CloudTable;
//! use sspr::machine::deployment::Kit;
//!
//! let clouds = CloudTable::default();
//! let kit = Kit::new(&clouds.clouds()[0]).with_proxy("proxy.corp.example:8080".parse()?);
//! for (file, content) in kit.files() {
//!     println!("{file}: {} bytes", content.len());
//! }
//! # Ok::<(), sspr::machine::deployment::ProxyProblem>(())
//! ```

mod add_in;
mod contact;
mod enablement;
mod image;
mod network;
mod proxies;
mod registry_text;
#[cfg(test)]
mod tests;
mod tls;

pub use self::contact::{ContactProblem, check_email, check_phone};
pub use self::enablement::{OmaSetting, intune_profile, oma_setting};
pub use self::network::{Endpoint, NeededFor, antivirus_exclusions, endpoints};
pub use self::proxies::{ProxyAddress, ProxyProblem};

use crate::cloud::Cloud;

/// Everything an administrator needs for one organisation.
#[derive(Debug, Clone)]
pub struct Kit {
    cloud: Cloud,
    proxy: Option<ProxyAddress>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Piece {
    /// The name of the file.
    pub file: &'static str,
    /// What it is for, in one sentence.
    pub purpose: &'static str,
    /// The file: a script, a registry export, JSON or a text.
    pub content: String,
    /// How to take it back.
    pub undo: Undo,
}

/// How to take something back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Undo {
    /// Apply this file in the same way.
    File {
        /// The name of the file.
        file: &'static str,
        /// The file.
        content: String,
    },
    /// Do this by hand.
    Step(&'static str),
}

impl Kit {
    /// A kit for an organisation in `cloud`.
    pub fn new(cloud: &Cloud) -> Self {
        Self {
            cloud: cloud.clone(),
            proxy: None,
        }
    }

    /// Also with what brings the temporary account of Windows, and services, to a proxy that wants no user.
    #[must_use]
    pub fn with_proxy(mut self, proxy: ProxyAddress) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Everything there is to do, in the order in which to do it.
    pub fn pieces(&self) -> Vec<Piece> {
        let mut pieces = vec![contact::registration(&self.cloud)];
        pieces.extend(enablement::pieces());
        pieces.extend(self.proxy.iter().flat_map(proxies::pieces));
        pieces.extend(network::pieces(&self.cloud));
        pieces.extend(tls::pieces());
        pieces.push(image::piece());
        pieces.push(add_in::piece());
        pieces
    }

    /// Every file, with its name: the pieces, their undos, and a table of contents. The lines end as those of Windows.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let pieces = self.pieces();
        let mut contents = format!(
            "Password reset at the sign-in screen: cloud {}\n",
            self.cloud.name
        );
        for piece in &pieces {
            contents += &format!("\n{}\n  {}\n  Undo: ", piece.file, piece.purpose);
            contents += match &piece.undo {
                Undo::File { file, .. } => file,
                Undo::Step(step) => step,
            };
            contents.push('\n');
        }
        let mut files = vec![("contents.txt", contents)];
        for piece in pieces {
            files.push((piece.file, piece.content));
            if let Undo::File { file, content } = piece.undo {
                files.push((file, content));
            }
        }
        for (_, content) in &mut files {
            *content = content.replace('\n', "\r\n");
        }
        files
    }
}
