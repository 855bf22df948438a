//! The event log of Windows. Wine takes every entry and keeps none, so that what is read there is not tested.

use sspr::event_log::EventLog;

use crate::entries;

#[tokio::test]
async fn entries_are_taken() {
    let (record, problem) = (entries::record().await, entries::problem().await);
    let log = EventLog::new().unwrap();
    log.write(&record).unwrap();
    log.write(&problem).unwrap();
    drop(log);
    let log = EventLog::source("sspr-test").unwrap();
    log.write(&record).unwrap();
}
