use url::Url;

use crate::proxy::pac::{FixedWorld, evaluate};

#[test]
fn a_script_answers() {
    let answer = evaluate(
        "function FindProxyForURL(url, host) { return 'PROXY ' + host + ':8080' }",
        &Url::parse("https://contoso.com/").unwrap(),
        &FixedWorld::default(),
    );
    assert_eq!(answer.unwrap(), "PROXY contoso.com:8080");
}
