//! A browser at the mock's portal, through the gateway.

use std::time::Duration;

use sspr::gateway::{Event, Events, Gateway, GatewayBuilder, Running, View};
use sspr::messages::Messages;
use sspr::mock::{Method, PortalPolicy, Tenant, User};
use sspr::revocation::{Policy, Settings};
use sspr::{
    Channel, ChannelBuilder, Cloud, Error, Handoff, ResetClient, Step, Trust, Username, Workforce,
};

use crate::album::Album;
use crate::chromium::Chromium;
use crate::webdriver::Session;

/// Where Microsoft has the portal.
pub(crate) const PORTAL: &str = "passwordreset.microsoftonline.com";

pub(crate) const USER: &str = "adele@contoso.com";
pub(crate) const MAIL: &str = "adele@fabrikam.example";
pub(crate) const QUESTIONS: [(&str, &str); 3] = [
    ("In which town did you first work?", "Redmond"),
    ("What was your first pet called?", "Rex"),
    ("Which book do you like best?", "Kokoro"),
];

/// A tenant that calls itself [`PORTAL`] and wants two proofs, and a picture to be read.
pub(crate) fn tenant() -> Tenant {
    let adele = User::new(USER)
        .method(Method::email(MAIL))
        .method(Method::security_questions(QUESTIONS));
    Tenant::builder()
        .host_name(PORTAL)
        .portal(PortalPolicy::default().captcha().gates(2))
        .user(adele)
        .start()
        .unwrap()
}

/// A channel for which [`PORTAL`] is the tenant, whose root stands for those that Microsoft publishes.
pub(crate) fn channel(tenant: &Tenant) -> ChannelBuilder {
    Channel::builder()
        .connect_to(format!("{PORTAL}:443"), tenant.address().to_string())
        .trust(Trust::new().pinned_roots([tenant.ca_der()]))
        .revocation(Settings::new(Policy::Strict).private_responders(["127.0.0.1"]))
}

/// A frontend with everything that belongs to it.
pub(crate) struct Visit {
    pub(crate) browser: Session,
    pub(crate) gateway: Running,
    events: Events,
    pub(crate) chromium: Chromium,
    album: Album,
}

impl Visit {
    /// Serves the page that the crate hands over in `language`, and starts the browser, whose pictures go to the album
    /// `name`. `None` if there is no browser.
    pub(crate) async fn begin(
        name: &str,
        language: &str,
        tenant: &Tenant,
        channel: ChannelBuilder,
        adjust: impl FnOnce(GatewayBuilder) -> GatewayBuilder,
    ) -> Option<Self> {
        let frontend = Frontend::new(language, tenant, channel, adjust).await?;
        let token = frontend.gateway.token().expose_secret().to_owned();
        Some(frontend.show(name, &token).await)
    }

    /// The same with a browser that shows another token.
    pub(crate) async fn with_token(
        name: &str,
        language: &str,
        tenant: &Tenant,
        channel: ChannelBuilder,
        token: &str,
    ) -> Option<Self> {
        let frontend = Frontend::new(language, tenant, channel, |builder| builder).await?;
        Some(frontend.show(name, token).await)
    }

    /// Opens the page that the gateway was given.
    pub(crate) async fn open_portal(&self) {
        let url = self.gateway.url().unwrap();
        self.browser.open(url.as_str()).await.unwrap();
    }

    /// Opens the page of a refusal, as a frontend has to.
    pub(crate) async fn open_page(&mut self, title: &str, page: &str) {
        let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
        // Blanks are no plus signs in this scheme.
        let url = format!("data:text/html;charset=utf-8,{}", page.replace('+', "%20"));
        self.browser.open(&url).await.unwrap();
        self.picture(title).await;
    }

    /// Keeps a picture of the page.
    pub(crate) async fn picture(&mut self, title: &str) {
        self.album.keep(title, &self.browser.picture().await);
    }

    /// What `wanted` finds among the next events.
    pub(crate) async fn event<T>(&mut self, wanted: impl Fn(Event) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = self.events.next().await.expect("the gateway has stopped");
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(60), found).await;
        found.expect("nothing like it happened")
    }

    /// The next refusal that is about `host`, or about nobody's; with its page.
    pub(crate) async fn refusal(&mut self, host: Option<&str>) -> (Error, String) {
        self.event(|event| match event {
            Event::Refused {
                host: refused,
                error,
                page,
            } if refused.as_deref() == host => Some((error, page)),
            _ => None,
        })
        .await
    }

    /// Ends the browser, and with it every tunnel.
    pub(crate) async fn end(self) {
        self.browser.end().await;
    }
}

/// A frontend before it opens a window.
struct Frontend {
    chromium: Chromium,
    gateway: Running,
    events: Events,
}

impl Frontend {
    async fn new(
        language: &str,
        tenant: &Tenant,
        channel: ChannelBuilder,
        adjust: impl FnOnce(GatewayBuilder) -> GatewayBuilder,
    ) -> Option<Self> {
        let chromium = Chromium::start(&tenant.ca_pem())?;
        let builder = Gateway::builder(channel.build().unwrap())
            .view(View::process(chromium.id()).unwrap())
            .messages(Messages::for_language(language));
        let gateway = adjust(builder).build().unwrap();
        let (gateway, events) = gateway.serve(&handoff(language).await).await.unwrap();
        Some(Self {
            chromium,
            gateway,
            events,
        })
    }

    async fn show(self, name: &str, token: &str) -> Visit {
        Visit {
            browser: self.chromium.browse(&self.gateway, token).await,
            gateway: self.gateway,
            events: self.events,
            chromium: self.chromium,
            album: Album::new(name),
        }
    }
}

/// What the crate hands over to a frontend.
async fn handoff(language: &str) -> Handoff {
    let protocol = Workforce::new(&Cloud::global()).unwrap().language(language);
    let client = ResetClient::builder(protocol).build().unwrap();
    let reset = client.start(Username::parse(USER).unwrap()).await.unwrap();
    match reset.step() {
        Step::UseBrowser(handoff) => handoff.clone(),
        step => panic!("{step:?}"),
    }
}
