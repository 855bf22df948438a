//! A small browser: cookies, forms and buttons, with and without the page's script.

use std::collections::BTreeMap;

use sspr::mock::Tenant;

use super::client::{Answer, Client};
use super::delta::Delta;
use super::document::{Document, Node};

pub(crate) const CONTENT: &str = "ctl00$ContentPlaceholderMainContent$";

/// One window that shows one page.
pub(crate) struct Browser {
    client: Client,
    pub(crate) host: String,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Path and query of the page shown.
    pub(crate) address: String,
    pub(crate) page: Document,
    pub(crate) status: u16,
    pub(crate) head: String,
    typed: BTreeMap<String, String>,
    /// Whether buttons are pressed by script, through `__EVENTTARGET`.
    pub(crate) script: bool,
    /// Whether the script posts by itself and takes over what has changed. It presses buttons as well.
    pub(crate) partial: bool,
}

/// What the script of a page adds to a partial post, besides the field of the ScriptManager.
pub(crate) const PARTIAL: &str = "X-MicrosoftAjax: Delta=true\r\nX-Requested-With: XMLHttpRequest\r\nCache-Control: no-cache\r\n";
pub(crate) const SCRIPT_MANAGER: &str = "ctl00$ScriptManagerMain";
pub(crate) const PANEL: &str = "ctl00$ContentPlaceholderMainContent$UpdatePanelMain";

impl Browser {
    /// Opens a page of the tenant.
    pub(crate) fn open(tenant: &Tenant, address: &str) -> Self {
        let mut browser = Self::blank(tenant);
        browser.go(address);
        browser
    }

    pub(crate) fn blank(tenant: &Tenant) -> Self {
        let url = tenant.portal_url();
        Self {
            client: Client::connect(tenant),
            host: format!("{}:{}", url.host_str().unwrap(), url.port().unwrap()),
            cookies: BTreeMap::new(),
            address: String::new(),
            page: Document::default(),
            status: 0,
            head: String::new(),
            typed: BTreeMap::new(),
            script: false,
            partial: false,
        }
    }

    pub(crate) fn go(&mut self, address: &str) {
        address.clone_into(&mut self.address);
        let answer = self.get(address);
        self.show(answer);
    }

    pub(crate) fn get(&mut self, address: &str) -> Answer {
        let head = self.request_head("GET", address);
        self.client
            .exchange(format!("{head}\r\n").as_bytes())
            .unwrap()
    }

    /// Types into a box, which has to be on the page.
    pub(crate) fn fill(&mut self, name: &str, value: &str) -> &mut Self {
        let name = self.full_name(name);
        let kinds = ["text", "tel", "password"];
        let found = self.page.visible().any(|node| {
            node.name == "input"
                && node.attribute("name") == Some(&name)
                && kinds.contains(&node.attribute("type").unwrap_or_default())
        });
        assert!(found, "no box {name} on {}", self.page.text());
        self.typed.insert(name, value.to_owned());
        self
    }

    /// Chooses a radio button by its id, which has to be visible and labelled.
    pub(crate) fn choose(&mut self, id: &str) -> &mut Self {
        let radio = self.page.visible().find(|node| {
            node.attribute("type") == Some("radio") && node.attribute("id") == Some(id)
        });
        let radio = radio.unwrap_or_else(|| panic!("no choice {id} on {}", self.page.text()));
        let (name, value) = (radio.attribute("name"), radio.attribute("value"));
        self.typed
            .insert(name.unwrap().to_owned(), value.unwrap().to_owned());
        self
    }

    pub(crate) fn method(&mut self, radio: &str) -> &mut Self {
        self.choose(&format!("MultigateAuthenticationControl_{radio}"))
            .press("ButtonNext")
    }

    /// Presses a button, which has to be on the page.
    pub(crate) fn press(&mut self, button: &str) -> &mut Self {
        assert!(
            self.has_button(button),
            "no {button} on {}",
            self.page.text()
        );
        if self.partial {
            let form = self.partial_form(button);
            let answer = self.post_partially(&form);
            self.typed.clear();
            self.update(answer);
        } else {
            let form = self.form(button);
            let answer = self.post(&form);
            self.typed.clear();
            self.show(answer);
        }
        self
    }

    /// What the page's script would send instead.
    pub(crate) fn partial_form(&self, button: &str) -> Vec<(String, String)> {
        let name = self.full_name(button);
        let mut form = vec![(SCRIPT_MANAGER.to_owned(), format!("{PANEL}|{name}"))];
        form.extend(self.form(button));
        form.push(("__ASYNCPOST".to_owned(), "true".to_owned()));
        form
    }

    pub(crate) fn post_partially(&mut self, form: &[(String, String)]) -> Answer {
        let fields = format!("Origin: https://{}\r\n{PARTIAL}", self.host);
        let address = self.target();
        self.post_from(&address, form, &fields)
    }

    /// Takes over what has changed.
    pub(crate) fn update(&mut self, answer: Answer) -> Delta {
        self.keep_cookies(&answer);
        assert_eq!(
            answer.header("content-type"),
            Some("text/plain; charset=utf-8")
        );
        self.status = answer.status;
        self.head = answer.head;
        let delta = Delta::read(&String::from_utf8(answer.body).unwrap());
        self.page = Document::read(&delta.apply(self.page.source()));
        delta
    }

    fn by_script(&self) -> bool {
        self.script || self.partial
    }

    /// What pressing the button would send, in the order of the page.
    pub(crate) fn form(&self, button: &str) -> Vec<(String, String)> {
        let button = self.full_name(button);
        let by_script = self.by_script();
        let mut form = Vec::new();
        let mut radios = Vec::new();
        for node in self.page.nodes() {
            let Some(name) = node.attribute("name") else {
                continue;
            };
            let own = node.attribute("value").unwrap_or_default();
            let value = match (node.name.as_str(), node.attribute("type")) {
                ("input", Some("radio")) if radios.contains(&name) => continue,
                ("input", Some("radio")) => match self.typed.get(name) {
                    Some(chosen) => {
                        radios.push(name);
                        chosen.as_str()
                    }
                    None => continue,
                },
                ("input", _) if name == "__EVENTTARGET" && by_script => &button,
                ("input", _) => self.typed.get(name).map_or(own, String::as_str),
                ("button", _) if name == button && !by_script => own,
                _ => continue,
            };
            form.push((name.to_owned(), value.to_owned()));
        }
        form
    }

    /// Posts to where the page's form says.
    pub(crate) fn post(&mut self, form: &[(String, String)]) -> Answer {
        let address = self.target();
        let origin = format!("Origin: https://{}\r\n", self.host);
        self.post_from(&address, form, &origin)
    }

    pub(crate) fn post_from(
        &mut self,
        address: &str,
        form: &[(String, String)],
        fields: &str,
    ) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let head = self.request_head("POST", address);
        let request = format!(
            "{head}{fields}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.client.exchange(request.as_bytes()).unwrap()
    }

    /// Where the form goes: relative to the page.
    pub(crate) fn target(&self) -> String {
        let form = self.page.nodes().find(|node| node.name == "form");
        let action = form.unwrap().attribute("action").unwrap().to_owned();
        let here = url::Url::parse(&format!("https://host{}", self.address)).unwrap();
        let target = here.join(&action).unwrap();
        target
            .as_str()
            .strip_prefix("https://host")
            .unwrap()
            .to_owned()
    }

    pub(crate) fn show(&mut self, answer: Answer) {
        self.keep_cookies(&answer);
        self.status = answer.status;
        self.head = answer.head;
        self.page = Document::read(&String::from_utf8(answer.body).unwrap());
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        let cookies = answer.head.lines().filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then_some(value)
        });
        for cookie in cookies {
            let pair = cookie.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// `CurrentViewName`.
    pub(crate) fn view(&self) -> &str {
        self.hidden("CurrentViewName")
    }

    pub(crate) fn hidden(&self, name: &str) -> &str {
        let full = self.full_name(name);
        let node = self.page.nodes().find(|node| {
            node.attribute("type") == Some("hidden")
                && node
                    .attribute("name")
                    .is_some_and(|found| found == full || found == name)
        });
        node.and_then(|node| node.attribute("value"))
            .unwrap_or_default()
    }

    /// What the page says in its region for errors.
    pub(crate) fn alert(&self) -> String {
        self.region("alert")
    }

    pub(crate) fn notice(&self) -> String {
        self.region("status")
    }

    fn region(&self, role: &str) -> String {
        let mut regions = self
            .page
            .visible()
            .filter(|node| node.attribute("role") == Some(role));
        regions.next().map(Node::text).unwrap_or_default()
    }

    pub(crate) fn has_button(&self, button: &str) -> bool {
        let name = self.full_name(button);
        let mut nodes = self.page.visible();
        let link = format!("javascript:__doPostBack('{name}','')");
        nodes.any(|node| {
            let is_link = self.by_script() && node.attribute("href") == Some(&link);
            is_link || node.name == "button" && node.attribute("name") == Some(&name)
        })
    }

    /// The radio buttons that a person sees, by id.
    pub(crate) fn choices(&self) -> Vec<&str> {
        let radios = self
            .page
            .visible()
            .filter(|node| node.attribute("type") == Some("radio"));
        let ids = radios.filter_map(|node| node.attribute("id"));
        ids.map(|id| id.trim_start_matches("MultigateAuthenticationControl_"))
            .collect()
    }

    fn full_name(&self, name: &str) -> String {
        if name.starts_with("RepMap") || name.starts_with("__") {
            return name.to_owned();
        }
        format!("{CONTENT}{name}")
    }

    fn request_head(&self, method: &str, address: &str) -> String {
        let mut head = format!("{method} {address} HTTP/1.1\r\nHost: {}\r\n", self.host);
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            head.push_str(&format!("Cookie: {}\r\n", cookies.join("; ")));
        }
        head
    }
}
