//! Products that inspect TLS, by the names that their authorities carry.

/// A word of an authority's name and the product it stands for. A word counts where no letter or digit adjoins it.
///
/// The names are the defaults of the products; an organisation may sign with an authority of its own name instead.
const PRODUCTS: [(&str, &str); 48] = [
    ("zscaler", "Zscaler"),
    ("netskope", "Netskope"),
    ("goskope", "Netskope"),
    ("palo alto networks", "Palo Alto Networks"),
    ("prisma access", "Palo Alto Networks"),
    ("fortinet", "Fortinet FortiGate"),
    ("fortigate", "Fortinet FortiGate"),
    ("blue coat", "Symantec (Blue Coat)"),
    ("bluecoat", "Symantec (Blue Coat)"),
    ("symantec", "Symantec (Blue Coat)"),
    ("cisco umbrella", "Cisco Umbrella"),
    ("opendns", "Cisco Umbrella"),
    ("forcepoint", "Forcepoint"),
    ("websense", "Forcepoint"),
    ("sophos", "Sophos"),
    ("check point", "Check Point"),
    ("checkpoint", "Check Point"),
    ("barracuda", "Barracuda"),
    ("skyhigh", "Skyhigh (McAfee)"),
    ("mcafee", "Skyhigh (McAfee)"),
    ("sonicwall", "SonicWall"),
    ("watchguard", "WatchGuard"),
    ("fireware", "WatchGuard"),
    ("cato networks", "Cato Networks"),
    ("iboss", "iboss"),
    ("menlo security", "Menlo Security"),
    ("smoothwall", "Smoothwall"),
    ("contentkeeper", "ContentKeeper"),
    ("lightspeed", "Lightspeed"),
    ("securly", "Securly"),
    ("cloudflare gateway", "Cloudflare Gateway"),
    ("gateway ca - cloudflare", "Cloudflare Gateway"),
    ("trend micro", "Trend Micro"),
    ("eset", "ESET"),
    ("kaspersky", "Kaspersky"),
    ("bitdefender", "Bitdefender"),
    ("avast", "Avast"),
    ("avg", "AVG"),
    ("norton", "Norton"),
    ("adguard", "AdGuard"),
    ("superfish", "Superfish"),
    ("fiddler", "Fiddler"),
    ("fiddlerroot", "Fiddler"),
    ("charles proxy", "Charles"),
    ("mitmproxy", "mitmproxy"),
    ("portswigger", "Burp Suite"),
    ("proxyman", "Proxyman"),
    ("squid", "Squid"),
];

/// The product whose authority probably has this name, if any.
pub(super) fn product(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    PRODUCTS
        .iter()
        .find(|(word, _)| holds_word(&name, word))
        .map(|(_, product)| *product)
}

fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_known_by_the_names_of_their_authorities() {
        for (name, expected) in [
            (
                "CN=Zscaler Root CA,OU=Zscaler Inc.,O=Zscaler Inc.",
                "Zscaler",
            ),
            ("CN=ca.contoso.goskope.com,O=Contoso", "Netskope"),
            ("CN=FG100FTK19000000,O=Fortinet,C=US", "Fortinet FortiGate"),
            ("CN=Cisco Umbrella Root CA,O=Cisco", "Cisco Umbrella"),
            ("CN=ESET SSL Filter CA,O=ESET\\, spol. s r. o.", "ESET"),
            ("CN=DO_NOT_TRUST_FiddlerRoot,O=DO_NOT_TRUST", "Fiddler"),
            ("CN=mitmproxy,O=mitmproxy", "mitmproxy"),
            ("CN=PortSwigger CA,OU=PortSwigger CA", "Burp Suite"),
            ("CN=avast! Web/Mail Shield Root", "Avast"),
        ] {
            assert_eq!(product(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn a_word_inside_another_one_is_none() {
        for name in ["CN=Contoso Reset CA", "CN=Savage CA", "CN=Nortonville", ""] {
            assert_eq!(product(name), None, "{name}");
        }
    }

    #[test]
    fn the_words_are_in_the_form_that_is_looked_for() {
        for (word, _) in PRODUCTS {
            assert_eq!(word, word.to_lowercase());
            assert_eq!(word, word.trim());
        }
    }
}
