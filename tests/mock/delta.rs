//! Reading the reply to a partial post, as strictly as its format is: `length|type|id|content|`, in UTF-16 units.

/// The records of a reply, in order.
#[derive(Debug)]
pub(crate) struct Delta(Vec<Record>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) content: String,
}

impl Delta {
    pub(crate) fn read(text: &str) -> Self {
        Self::try_read(text).unwrap_or_else(|| panic!("no delta: {text}"))
    }

    /// Nothing if any record is not as long as it says, or is not all there.
    pub(crate) fn try_read(text: &str) -> Option<Self> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let bar = u16::from(b'|');
        let mut rest = units.as_slice();
        let mut records = Vec::new();
        while !rest.is_empty() {
            let mut head = Vec::new();
            for _ in 0..3 {
                let end = rest.iter().position(|unit| *unit == bar)?;
                head.push(String::from_utf16(&rest[..end]).ok()?);
                rest = &rest[end + 1..];
            }
            let length: usize = head[0].parse().ok()?;
            let content = String::from_utf16(rest.get(..length)?).ok()?;
            if rest.get(length) != Some(&bar) {
                return None;
            }
            rest = &rest[length + 1..];
            records.push(Record {
                kind: head[1].clone(),
                id: head[2].clone(),
                content,
            });
        }
        Some(Self(records))
    }

    pub(crate) fn of_kind(&self, kind: &str) -> Vec<&Record> {
        let records = self.0.iter();
        records.filter(|record| record.kind == kind).collect()
    }

    /// The content of the one record of its kind.
    pub(crate) fn only(&self, kind: &str) -> &str {
        match self.of_kind(kind).as_slice() {
            [record] => &record.content,
            records => panic!("{} records of kind {kind}", records.len()),
        }
    }

    /// The value of a hidden field, by the id of its element.
    pub(crate) fn field(&self, id: &str) -> Option<&str> {
        let fields = self.of_kind("hiddenField");
        let mut fields = fields.into_iter().filter(|record| record.id == id);
        fields.next().map(|record| record.content.as_str())
    }

    pub(crate) fn kinds(&self) -> Vec<&str> {
        self.0.iter().map(|record| record.kind.as_str()).collect()
    }

    /// What becomes of a page, as a browser's script makes it.
    pub(crate) fn apply(&self, page: &str) -> String {
        let mut page = page.to_owned();
        for record in self.of_kind("updatePanel") {
            let start = format!("<div id=\"{}\">", record.id);
            let (before, after) = page.split_once(&start).unwrap();
            // The panel is the last thing in the form.
            let (_, after) = after.split_once("</div></form>").unwrap();
            page = format!("{before}{start}{}</div></form>{after}", record.content);
        }
        for record in self.of_kind("hiddenField") {
            let id = format!(" id=\"{}\" value=\"", record.id);
            let (before, after) = page.split_once(&id).unwrap();
            let (_, after) = after.split_once('"').unwrap();
            page = format!("{before}{id}{}\"{after}", escape(&record.content));
        }
        let action = " action=\"";
        let (before, after) = page.split_once(action).unwrap();
        let (_, after) = after.split_once('"').unwrap();
        let target = escape(self.only("formAction"));
        page = format!("{before}{action}{target}\"{after}");
        let (before, after) = page.split_once("<title>").unwrap();
        let (_, after) = after.split_once("</title>").unwrap();
        format!("{before}<title>{}</title>{after}", self.only("pageTitle"))
    }
}

fn escape(value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('"', "&quot;");
    value.replace('<', "&lt;").replace('>', "&gt;")
}
