//! Writes small hives for tests, apart from the reader: its own constants, its own idea of the format.

/// A key to be written.
#[derive(Default)]
pub(crate) struct Node {
    name: String,
    flags: u16,
    values: Vec<(String, u32, Vec<u8>)>,
    children: Vec<Node>,
}

impl Node {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn flags(mut self, flags: u16) -> Self {
        self.flags = flags;
        self
    }

    pub(crate) fn value(mut self, name: &str, kind: u32, data: impl Into<Vec<u8>>) -> Self {
        self.values.push((name.to_owned(), kind, data.into()));
        self
    }

    pub(crate) fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }
}

/// How lists of keys are written.
#[derive(Clone, Copy)]
pub(crate) struct Lists {
    /// `li`, `lf` or `lh`.
    pub(crate) leaf: [u8; 2],
    /// Above this number of keys there are several leaves below an `ri`.
    pub(crate) longest: usize,
}

/// A clean hive of version 1.5 with `root` as its root key.
pub(crate) fn hive(root: &Node, lists: Lists) -> Vec<u8> {
    let mut writer = Writer {
        bins: Vec::new(),
        end: 0,
        lists,
    };
    let security = writer.security();
    let root = writer.key(root, u32::MAX, security, 0x000C);
    writer.close_bin();

    let mut file = vec![0; 4096];
    file[..4].copy_from_slice(b"regf");
    for (at, field) in [
        (4, 1),
        (8, 1),
        (20, 1),
        (24, 5),
        (32, 1),
        (36, root),
        (40, writer.bins.len() as u32),
        (44, 1),
    ] {
        put(&mut file, at, field);
    }
    file.append(&mut writer.bins);
    seal(&mut file);
    file
}

/// Makes the checksum right again.
pub(crate) fn seal(file: &mut [u8]) {
    let mut sum = 0;
    for at in (0..508).step_by(4) {
        sum ^= u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    }
    put(
        file,
        508,
        match sum {
            0 => 1,
            0xFFFF_FFFF => 0xFFFF_FFFE,
            other => other,
        },
    );
}

pub(crate) fn put(bytes: &mut [u8], at: usize, field: u32) {
    bytes[at..at + 4].copy_from_slice(&field.to_le_bytes());
}

struct Writer {
    bins: Vec<u8>,
    /// Where the open bin ends.
    end: usize,
    lists: Lists,
}

impl Writer {
    fn security(&mut self) -> u32 {
        // A self-relative descriptor with neither owner nor lists.
        let mut descriptor = [0; 20];
        descriptor[..4].copy_from_slice(&[1, 0, 0, 0x80]);
        let mut record = b"sk\0\0".to_vec();
        for field in [0, 0, 1, descriptor.len() as u32] {
            record.extend(u32::to_le_bytes(field));
        }
        record.extend(descriptor);
        let at = self.cell(&record);
        self.patch(at, 4, at);
        self.patch(at, 8, at);
        at
    }

    fn key(&mut self, node: &Node, parent: u32, security: u32, flags: u16) -> u32 {
        let (name, compressed) = encode(&node.name);
        let mut record = vec![0; 76];
        record[..2].copy_from_slice(b"nk");
        let flags = flags | node.flags | if compressed { 0x20 } else { 0 };
        record[2..4].copy_from_slice(&flags.to_le_bytes());
        put(&mut record, 16, parent);
        put(&mut record, 20, node.children.len() as u32);
        put(&mut record, 28, u32::MAX);
        put(&mut record, 32, u32::MAX);
        put(&mut record, 36, node.values.len() as u32);
        put(&mut record, 40, u32::MAX);
        put(&mut record, 44, security);
        put(&mut record, 48, u32::MAX);
        record[72..74].copy_from_slice(&(name.len() as u16).to_le_bytes());
        record.extend(name);
        let at = self.cell(&record);

        if !node.values.is_empty() {
            let values: Vec<u32> = node.values.iter().map(|value| self.value(value)).collect();
            let list = self.cell(&words(values));
            self.patch(at, 40, list);
        }
        if !node.children.is_empty() {
            let children: Vec<(u32, &str)> = node
                .children
                .iter()
                .map(|child| (self.key(child, at, security, 0), child.name.as_str()))
                .collect();
            let leaves: Vec<u32> = children
                .chunks(self.lists.longest)
                .map(|chunk| self.leaf(chunk))
                .collect();
            let list = match leaves[..] {
                [only] => only,
                _ => {
                    let mut index = b"ri".to_vec();
                    index.extend((leaves.len() as u16).to_le_bytes());
                    index.extend(words(leaves));
                    self.cell(&index)
                }
            };
            self.patch(at, 28, list);
        }
        at
    }

    fn leaf(&mut self, children: &[(u32, &str)]) -> u32 {
        let mut list = self.lists.leaf.to_vec();
        list.extend((children.len() as u16).to_le_bytes());
        for (at, name) in children {
            list.extend(at.to_le_bytes());
            match &self.lists.leaf {
                b"lf" => list.extend(name.bytes().chain([0; 4]).take(4)),
                b"lh" => list.extend(
                    name.to_uppercase()
                        .encode_utf16()
                        .fold(0_u32, |hash, unit| {
                            hash.wrapping_mul(37).wrapping_add(unit.into())
                        })
                        .to_le_bytes(),
                ),
                _ => {}
            }
        }
        self.cell(&list)
    }

    fn value(&mut self, (name, kind, data): &(String, u32, Vec<u8>)) -> u32 {
        let (name, compressed) = encode(name);
        let (size, at) = match data.len() {
            len @ 0..=4 => {
                let mut inline = [0; 4];
                inline[..len].copy_from_slice(data);
                (len as u32 | 0x8000_0000, u32::from_le_bytes(inline))
            }
            len @ 5..=16_344 => (len as u32, self.cell(data)),
            len => {
                let segments: Vec<u32> = data
                    .chunks(16_344)
                    .map(|segment| self.cell(segment))
                    .collect();
                let mut head = b"db".to_vec();
                head.extend((segments.len() as u16).to_le_bytes());
                let list = self.cell(&words(segments));
                head.extend(list.to_le_bytes());
                (len as u32, self.cell(&head))
            }
        };
        let mut record = b"vk".to_vec();
        record.extend((name.len() as u16).to_le_bytes());
        record.extend(words([size, at, *kind, u32::from(compressed)]));
        record.extend(name);
        self.cell(&record)
    }

    /// A cell that holds `contents`, in a new bin if the open one is full.
    fn cell(&mut self, contents: &[u8]) -> u32 {
        let size = (4 + contents.len()).next_multiple_of(8);
        if self.end - self.bins.len() < size {
            self.close_bin();
            let bin = (32 + size).next_multiple_of(4096);
            let begin = self.bins.len();
            self.end = begin + bin;
            self.bins.extend(b"hbin");
            self.bins.extend(words([begin as u32, bin as u32]));
            self.bins.extend([0; 20]);
        }
        let at = self.bins.len();
        self.bins.extend((-(size as i32)).to_le_bytes());
        self.bins.extend(contents);
        self.bins.resize(at + size, 0);
        at as u32
    }

    /// Fills what is left with a free cell.
    fn close_bin(&mut self) {
        let left = self.end - self.bins.len();
        if left > 0 {
            self.bins.extend((left as u32).to_le_bytes());
            self.bins.resize(self.end, 0);
        }
    }

    fn patch(&mut self, cell: u32, at: usize, field: u32) {
        put(&mut self.bins, cell as usize + 4 + at, field);
    }
}

fn encode(name: &str) -> (Vec<u8>, bool) {
    if name.is_ascii() {
        (name.as_bytes().to_vec(), true)
    } else {
        (
            name.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            false,
        )
    }
}

fn words(words: impl IntoIterator<Item = u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}
