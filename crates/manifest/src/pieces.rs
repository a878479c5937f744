//! Cuts a text at its document markers, so that one broken document does not hide the others.

/// One document's text, marker line included.
pub(crate) struct Piece {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Lines of the text before it.
    lines_before: usize,
    /// `# Source: …`, which Helm writes above each document.
    pub(crate) source: Option<String>,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Piece {
    /// A message of the parser, with `line N` counted in the whole text.
    pub(crate) fn in_whole_text(&self, message: &str) -> String {
        let Some(at) = message.find("line ") else {
            return message.to_owned();
        };
        let (before, rest) = message.split_at(at + "line ".len());
        let digits = rest
            .find(|sign: char| !sign.is_ascii_digit())
            .unwrap_or(rest.len());
        match rest[..digits].parse::<usize>() {
            Ok(line) => format!("{before}{}{}", line + self.lines_before, &rest[digits..]),
            Err(_) => message.to_owned(),
        }
    }
}

/// The pieces in order; directives and comments above a marker stay with the document below it.
pub(crate) fn pieces(text: &[u8]) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut start = if text.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len()
    } else {
        0
    };
    let (mut first_line, mut line_number) = (0, 0);
    let (mut has_content, mut source) = (false, None);
    let mut at = start;
    while at < text.len() {
        let end = text[at..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(text.len(), |length| at + length + 1);
        let line = &text[at..end];
        if is_marker(line) && !has_content {
            // What stood above was an empty document with a source of its own.
            source = None;
        }
        if is_marker(line) && has_content {
            found.push(Piece {
                start,
                end: at,
                lines_before: first_line,
                source: source.take(),
            });
            (start, first_line, has_content) = (at, line_number, false);
        }
        has_content |= is_content(line);
        if let Some(path) = line.strip_prefix(b"# Source: ")
            && source.is_none()
        {
            source = Some(String::from_utf8_lossy(path).trim().to_owned());
        }
        (at, line_number) = (end, line_number + 1);
    }
    found.push(Piece {
        start,
        end: text.len(),
        lines_before: first_line,
        source,
    });
    found
}

/// `---`, alone or before white space.
fn is_marker(line: &[u8]) -> bool {
    line.strip_prefix(b"---")
        .is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

/// Anything but blank lines, comments, directives and bare markers.
fn is_content(line: &[u8]) -> bool {
    let line = if is_marker(line) { &line[3..] } else { line };
    let first = line.iter().find(|byte| !byte.is_ascii_whitespace());
    first.is_some_and(|byte| !matches!(byte, b'#' | b'%'))
}
