//! Reading a page as strictly as its writer promises: every element is closed, every attribute quoted.

/// The elements of a page, in order.
#[derive(Debug, Default)]
pub(crate) struct Document {
    nodes: Vec<Node>,
    source: String,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    text: String,
    hidden: bool,
}

const VOID: [&str; 4] = ["img", "input", "link", "meta"];

impl Document {
    pub(crate) fn read(source: &str) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut rest = source.strip_prefix("<!DOCTYPE html>\n").unwrap();
        while let Some(start) = rest.find('<') {
            let said = decode(&rest[..start]);
            open.iter()
                .for_each(|&node| nodes[node].text.push_str(&said));
            let (tag, after) = rest[start + 1..].split_once('>').unwrap();
            rest = after;
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(nodes[open.pop().unwrap()].name, name);
                continue;
            }
            let mut node = Node::read(tag);
            node.hidden |= open.last().is_some_and(|&parent| nodes[parent].hidden);
            if ["script", "style"].contains(&node.name.as_str()) {
                let end = format!("</{}>", node.name);
                let (code, after) = rest.split_once(&end).unwrap();
                code.clone_into(&mut node.text);
                rest = after;
            } else if !VOID.contains(&node.name.as_str()) {
                open.push(nodes.len());
            }
            nodes.push(node);
        }
        assert!(open.is_empty() && rest.trim().is_empty());
        Self {
            nodes,
            source: source.to_owned(),
        }
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// What a person can see.
    pub(crate) fn visible(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| !node.hidden)
    }

    pub(crate) fn first(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// The words of the page.
    pub(crate) fn text(&self) -> String {
        self.first("body").map(Node::text).unwrap_or_default()
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }
}

impl Node {
    /// `name a="b" c="d"`
    fn read(tag: &str) -> Self {
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while !rest.is_empty() {
            let (attribute, value) = rest.split_once("=\"").unwrap();
            let (value, after) = value.split_once('"').unwrap();
            attributes.push((attribute.to_owned(), decode(value)));
            rest = after.trim_start();
        }
        let mut node = Self {
            name: name.to_owned(),
            attributes,
            text: String::new(),
            hidden: false,
        };
        node.hidden = node.attribute("style") == Some("display:none");
        node
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(present, _)| present == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let attributes = self.attributes.iter();
        attributes.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn text(&self) -> String {
        self.text.trim().to_owned()
    }
}

fn decode(text: &str) -> String {
    let mut decoded = text.to_owned();
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        decoded = decoded.replace(entity, character);
    }
    decoded
}
