//! A strict parser of HTML reports: known, closed tags, no executable attributes, escaped text.

/// Elements without an end tag.
const VOID: [&str; 6] = ["meta", "link", "br", "wbr", "input", "hr"];

/// Elements whose end tag may be omitted.
const OPEN_ENDED: [&str; 10] = ["th", "td", "tr", "thead", "tbody", "option", "li", "dt", "dd", "p"];

#[derive(Debug, Default)]
pub struct Page {
    /// Name and text of its inline styles and scripts.
    pub inline: Vec<(String, String)>,
    /// The content security policy.
    pub policy: String,
    /// All other visible text and attribute values, unescaped.
    pub words: Vec<String>,
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Decodes references; returns an error for unknown ones and for markup.
fn unescaped(text: &str) -> Result<String, String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(['&', '<', '>']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\'')];
        let Some((name, c)) = known.iter().find(|(name, _)| rest.starts_with(name)) else {
            return Err(format!("not escaped: {:.40}", rest));
        };
        out.push(*c);
        rest = &rest[name.len()..];
    }
    out.push_str(rest);
    Ok(out)
}

impl Page {
    /// Parses a page.
    ///
    /// # Errors
    ///
    /// Returns what is invalid.
    pub fn read(text: &str) -> Result<Page, String> {
        let mut page = Page::default();
        let mut rest = text.strip_prefix("<!doctype html>\n").ok_or("no doctype")?;
        let mut open: Vec<String> = Vec::new();
        while !rest.is_empty() {
            let (words, tag) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            if !words.trim().is_empty() {
                page.words.push(unescaped(words)?);
            }
            if tag.is_empty() {
                break;
            }
            if let Some(end) = tag.strip_prefix("</") {
                let (name, after) = end.split_once('>').ok_or("an end tag without end")?;
                close(&mut open, name)?;
                rest = after;
                continue;
            }
            let (name, after) = page.tag(&tag[1..])?;
            rest = after;
            if name == "style" || name == "script" {
                let (inline, after) = rest.split_once(&format!("</{name}>")).ok_or(format!("{name} is not closed"))?;
                page.inline.push((name, inline.to_owned()));
                rest = after;
            } else if !VOID.contains(&name.as_str()) && !name.ends_with('/') {
                open.push(name);
            }
        }
        open.retain(|name| !OPEN_ENDED.contains(&name.as_str()));
        if open.is_empty() { Ok(page) } else { Err(format!("not closed: {open:?}")) }
    }

    /// Parses a start tag: its name, with a slash appended if it is self-closing, and the rest of
    /// the text.
    fn tag<'t>(&mut self, tag: &'t str) -> Result<(String, &'t str), String> {
        let end = tag.find([' ', '>', '/']).ok_or("a tag without end")?;
        let (name, mut rest) = tag.split_at(end);
        if !is_name(name) {
            return Err(format!("no tag: <{tag:.40}"));
        }
        loop {
            if let Some(after) = rest.strip_prefix('>') {
                return Ok((name.to_owned(), after));
            }
            if let Some(after) = rest.strip_prefix("/>") {
                return Ok((format!("{name}/"), after));
            }
            rest = rest.strip_prefix(' ').ok_or_else(|| format!("no attribute: {rest:.40}"))?;
            let end = rest.find(['=', ' ', '>']).ok_or("an attribute without end")?;
            let (attribute, after) = rest.split_at(end);
            rest = after;
            let mut value = String::new();
            if let Some(quoted) = rest.strip_prefix("=\"") {
                let (text, after) = quoted.split_once('"').ok_or("a value without end")?;
                value = unescaped(text)?;
                rest = after;
            }
            self.attribute(name, attribute, value)?;
        }
    }

    fn attribute(&mut self, tag: &str, name: &str, value: String) -> Result<(), String> {
        if !is_name(name) || name.starts_with("on") || ["style", "src", "action", "srcdoc"].contains(&name) {
            return Err(format!("an attribute that may run: {name}={value:.40}"));
        }
        if name == "href" && !value.starts_with('#') && !(tag == "link" && value == "data:,") {
            return Err(format!("a link to elsewhere: {value:.40}"));
        }
        if name == "content" && value.starts_with("default-src") {
            self.policy = value;
        } else {
            self.words.push(value);
        }
        Ok(())
    }
}

fn close(open: &mut Vec<String>, name: &str) -> Result<(), String> {
    while let Some(last) = open.pop() {
        if last == name {
            return Ok(());
        }
        if !OPEN_ENDED.contains(&last.as_str()) {
            return Err(format!("</{name}> closes {last}"));
        }
    }
    Err(format!("</{name}> closes nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Page, String> {
        Page::read(&format!("<!doctype html>\n<html><body>{body}</body></html>\n"))
    }

    #[test]
    fn a_page_that_is_fine() {
        let page =
            read("<table><tr><td title=\"a &quot;b&quot;\">1 &lt; 2<br><tr><td>3</table><svg><rect x=\"1\"/></svg>");
        assert!(page.expect("it is fine").words.iter().any(|words| words == "1 < 2"));
    }

    #[test]
    fn a_page_that_is_not() {
        for body in [
            "<script>alert(1)",
            "<img src=x>",
            "<b onload=\"x\">b</b>",
            "<b style=\"x\">b</b>",
            "<a href=\"javascript:x\">b</a>",
            "<b>",
            "</b>",
            "<i><b></i></b>",
            "a & b",
            "&nbsp;",
            "<b title=\"<\">b</b>",
            "<b title='x'>b</b>",
            "<!-- -->",
            "< b",
        ] {
            assert!(read(body).is_err(), "{body}");
        }
    }
}
