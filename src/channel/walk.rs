//! The way of one request on a connection of its own, for the diagnosis.

use url::Url;

use super::link::Prepared;
use super::{Channel, checked};
use crate::error::{Error, Stage};
use crate::exchange::{ExchangeError, Request, Response};
use crate::tls::Wire;
use crate::trail::Trail;
use crate::tunnel::end_of;

impl Channel {
    /// Sends `request` on a connection of its own, with every station of the way noted in `trail`. Nothing is kept for
    /// later, and nothing is sent twice.
    ///
    /// # Errors
    /// What [`Exchange::exchange`](crate::Exchange::exchange) would say.
    pub(crate) async fn walk(&self, request: Request, trail: &Trail) -> Result<Response, Error> {
        let destination = checked(&request.url)?;
        let prepared = Prepared::new(request, destination.name())?;
        let mut link = self.connect(&destination, trail).await?;
        let mut station = trail.enter(Stage::Http, &destination.name());
        let end = end_of(self.timeouts.exchange);
        let response = link.exchange(&prepared, &self.timeouts, end).await;
        let response = response.map_err(|broken| ExchangeError::from(broken).error)?;
        station.saw(&response.status);
        station.passed();
        Ok(response)
    }

    /// Opens a way to the origin of `url` on which nothing was said yet, for a probe.
    ///
    /// # Errors
    /// What is in the way before TLS begins.
    pub(crate) async fn open_way(&self, url: &Url) -> Result<Box<dyn Wire>, Error> {
        let opened = self.way_out.open(&checked(url)?, &self.dialer).await?;
        Ok(opened.wire)
    }
}
