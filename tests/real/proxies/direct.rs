//! Without any proxy, to know that what goes wrong with one is due to it.

use sspr::mock::Tenant;

use crate::reset;

#[tokio::test]
async fn a_whole_reset_with_its_revocation_checked() {
    let tenant = Tenant::start().unwrap();
    let client = reset::client(&tenant, |builder| builder);
    let report = reset::whole(&client, &tenant).await.unwrap();
    reset::assert_checked(&report, &tenant);
    assert_eq!(tenant.traffic().connections, 1);
}
