//! The switch for the link on the sign-in screen of Windows: by registry, by OMA-URI, by Intune.

use serde::Serialize;
use serde_json::{Value, json};

use super::registry_text::{Entry, export};
use super::{Piece, Undo};

const KEY: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\AzureADAccount";
const VALUE: &str = "AllowPasswordReset";
const OMA_URI: &str = "./Device/Vendor/MSFT/Policy/Config/Authentication/AllowAadPasswordReset";

/// A setting of the device management, with an integer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OmaSetting {
    /// A name for the administrator.
    pub display_name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// The address of the setting: device scope; not for the Home edition.
    pub oma_uri: &'static str,
    /// 1 shows the link, 0 (the default of Windows) does not.
    pub value: i32,
}

/// The setting that shows the link, or takes it away.
pub fn oma_setting(enable: bool) -> OmaSetting {
    OmaSetting {
        display_name: "Password reset link on the sign-in screen",
        description: "1 shows the link, 0 does not",
        oma_uri: OMA_URI,
        value: i32::from(enable),
    }
}

/// A device configuration for Intune: the body of `POST /deviceManagement/deviceConfigurations` of Microsoft Graph
/// v1.0, of the type `windows10CustomConfiguration` with one `omaSettingInteger`. It still has to be assigned to a
/// group.
pub fn intune_profile(enable: bool) -> Value {
    let setting = oma_setting(enable);
    json!({
        "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
        "displayName": if enable {
            "SSPR for the Windows sign-in screen"
        } else {
            "SSPR for the Windows sign-in screen: off"
        },
        "description": "Lets people reset their password at the sign-in screen. Not for the Home edition.",
        "omaSettings": [{
            "@odata.type": "#microsoft.graph.omaSettingInteger",
            "displayName": setting.display_name,
            "description": setting.description,
            "omaUri": setting.oma_uri,
            "value": setting.value,
        }],
    })
}

pub(super) fn pieces() -> [Piece; 3] {
    [
        Piece {
            file: "enable-link.reg",
            purpose: "Shows the link on the sign-in screen of one computer: import it as an administrator. The undo removes \
                      the value, and without it the link is off.",
            content: export(&[(KEY, &[(VALUE, Entry::Number(1))])]),
            undo: Undo::File {
                file: "enable-link.undo.reg",
                content: export(&[(KEY, &[(VALUE, Entry::Remove)])]),
            },
        },
        Piece {
            file: "enable-link.oma-uri.txt",
            purpose: "Shows the link on managed computers, with any device management.",
            content: oma_text(true),
            undo: Undo::File {
                file: "enable-link.oma-uri.undo.txt",
                content: oma_text(false),
            },
        },
        Piece {
            file: "enable-link.intune.json",
            purpose: "Shows the link on computers that Intune manages: post it to /deviceManagement/\
                      deviceConfigurations of Microsoft Graph, then assign it, to a test group of devices first. To \
                      undo it, send the undo to that same configuration (PATCH): two of them would contradict each \
                      other.",
            content: format!("{:#}\n", intune_profile(true)),
            undo: Undo::File {
                file: "enable-link.intune.undo.json",
                content: format!("{:#}\n", intune_profile(false)),
            },
        },
    ]
}

fn oma_text(enable: bool) -> String {
    let setting = oma_setting(enable);
    format!(
        "Name: {}\nDescription: {}\nOMA-URI: {}\nData type: Integer\nValue: {}\n\n\
         In the Intune admin center: Devices > Configuration > Profiles > Create; platform Windows 10 and later; type\n\
         Templates > Custom; add one OMA-URI setting with the lines above. Assign it, to a test group of devices first,\n\
         where wanted with a rule (for instance: OS edition is Windows 10 Enterprise). The devices must be enrolled.\n",
        setting.display_name, setting.description, setting.oma_uri, setting.value
    )
}
