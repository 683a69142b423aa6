//! A small reader of XML: elements, attributes and texts, no document type declarations.

/// An element. Names are without their prefixes.
#[derive(Clone, Debug, Default)]
pub struct Element {
    pub name: String,
    pub namespace: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    /// Its own text, trimmed.
    pub text: String,
    /// The place of its first byte in the file.
    pub offset: usize,
}

impl Element {
    pub fn all<'e>(&'e self, name: &str) -> impl Iterator<Item = &'e Element> {
        let name = name.to_owned();
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element at a path like `Acct/Id/IBAN`.
    pub fn at(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |element, name| element.all(name).next())
    }

    pub fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path).map(|found| found.text.as_str()).filter(|text| !text.is_empty())
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The characters of a file, each with the place of its first byte. None: it is not in the
/// encoding that it declares.
fn decode(bytes: &[u8]) -> Option<Vec<(usize, char)>> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_ascii_lowercase();
    let declaration = start.split("?>").next().unwrap_or("");
    if declaration.contains("<?xml") && declaration.contains("iso-8859-1") {
        return Some(bytes.iter().map(|byte| char::from(*byte)).enumerate().collect());
    }
    Some(std::str::from_utf8(bytes).ok()?.char_indices().collect())
}

struct Reader {
    text: Vec<(usize, char)>,
    at: usize,
}

impl Reader {
    fn is_at(&self, word: &str) -> bool {
        word.chars().enumerate().all(|(n, letter)| self.text.get(self.at + n).is_some_and(|found| found.1 == letter))
    }

    /// Everything up to the word, which is passed.
    fn up_to(&mut self, word: &str) -> Option<String> {
        let mut passed = String::new();
        while !self.is_at(word) {
            passed.push(self.text.get(self.at)?.1);
            self.at += 1;
        }
        self.at += word.chars().count();
        Some(passed)
    }

    /// Passes comments and instructions; false at anything else.
    fn passes_remark(&mut self) -> Option<bool> {
        for (open, close) in [("<?", "?>"), ("<!--", "-->")] {
            if self.is_at(open) {
                self.up_to(close)?;
                return Some(true);
            }
        }
        Some(false)
    }

    fn element(&mut self) -> Option<Element> {
        let mut element = Element { offset: self.text.get(self.at)?.0, ..Element::default() };
        self.up_to("<")?;
        let inside = self.up_to(">")?;
        let (inside, is_empty) = match inside.strip_suffix('/') {
            Some(rest) => (rest.to_owned(), true),
            None => (inside, false),
        };
        let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((&inside, ""));
        element.attributes = attributes(rest)?;
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        element.name = local.to_owned();
        let declared = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        element.namespace = element.attribute(&declared).unwrap_or("").to_owned();
        if is_empty {
            return Some(element);
        }
        let close = format!("</{name}");
        let mut text = String::new();
        loop {
            if self.is_at(&close) {
                self.up_to(">")?;
                element.text = text.trim().to_owned();
                return Some(element);
            } else if self.is_at("<![CDATA[") {
                self.up_to("<![CDATA[")?;
                text.push_str(&self.up_to("]]>")?);
            } else if self.passes_remark()? {
            } else if self.is_at("</") || self.is_at("<!") {
                return None;
            } else if self.is_at("<") {
                element.children.push(self.element()?);
            } else {
                let piece = self.up_to("<")?;
                self.at -= 1;
                text.push_str(&unescaped(&piece)?);
            }
        }
    }
}

fn attributes(written: &str) -> Option<Vec<(String, String)>> {
    let mut all = Vec::new();
    let mut rest = written.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next()?;
        let (value, more) = after[1..].split_once(quote)?;
        all.push((name.trim().to_owned(), unescaped(value)?));
        rest = more.trim_start();
    }
    Some(all)
}

fn unescaped(written: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (name, more) = after.split_once(';')?;
        text.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = more;
    }
    text.push_str(rest);
    Some(text)
}

/// The root element. None: the text is broken or has a document type declaration.
pub fn parse(bytes: &[u8]) -> Option<Element> {
    let mut reader = Reader { text: decode(bytes)?, at: 0 };
    loop {
        if reader.text.get(reader.at)?.1.is_whitespace() || reader.is_at("\u{feff}") {
            reader.at += 1;
        } else if !reader.passes_remark()? {
            break;
        }
    }
    if !reader.is_at("<") || reader.is_at("<!") {
        return None;
    }
    let root = reader.element()?;
    while let Some((_, letter)) = reader.text.get(reader.at) {
        if letter.is_whitespace() {
            reader.at += 1;
        } else if !reader.passes_remark()? {
            return None;
        }
    }
    Some(root)
}
