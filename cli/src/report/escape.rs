//! Text from charts is hostile: what each place that we write to would act on is made inert here.

/// Characters that a terminal or a browser acts on, or that cannot be seen: controls (ESC among them), bidi
/// marks, zero-width spaces, separators, tags. They are shown as escapes.
pub(super) fn is_unprintable(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{8}'
            | '\u{a}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// One line: unprintable characters and line breaks as escapes (`\u{1b}`, `\n`).
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        push_visible(&mut out, character);
    }
    out
}

/// As [`one_line`], but line breaks stay.
pub(super) fn lines(text: &str) -> String {
    text.lines().map(one_line).collect::<Vec<_>>().join("\n")
}

/// Appends one character so that it can be seen and does nothing.
pub(super) fn push_visible(out: &mut String, character: char) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        // `##[name]` is the old spelling of a workflow command and is looked for anywhere in a line of a log.
        '[' if out.ends_with("##") => out.push_str("\\u{5b}"),
        _ if is_unprintable(character) => out.extend(character.escape_unicode()),
        _ => out.push(character),
    }
}

/// A log's line that begins with `::` would be a workflow command: its first colon becomes an escape.
pub(super) fn without_workflow_commands(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let command = line.trim_start();
        match command.strip_prefix("::") {
            Some(rest) => {
                out.push_str(&line[..line.len() - command.len()]);
                out.push_str("\\u{3a}:");
                out.push_str(rest);
            }
            None => out.push_str(line),
        }
    }
    out
}

/// The data of a GitHub workflow command (behind the second `::`).
///
/// <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>: `%` first.
pub(super) fn workflow_data(text: &str) -> String {
    lines(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property of a GitHub workflow command.
pub(super) fn workflow_property(text: &str) -> String {
    workflow_data(&one_line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

/// A relative URI reference: everything but unreserved characters and `/` as percent escapes.
pub(super) fn relative_uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    // Two slashes in front would name a host.
    let path = if path.starts_with("//") {
        path.trim_start_matches('/')
    } else {
        path
    };
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Text for Markdown and for HTML within it, on one line. Parts between backticks become code.
pub(super) fn markdown(text: &str) -> String {
    let text = one_line(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return markdown_text(&text);
    }
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 0 || part.trim().is_empty() {
            out.push_str(&markdown_text(part));
        } else {
            out.push_str(&markdown_code(part));
        }
    }
    out
}

/// Code on one line of Markdown: a code span, or HTML where the text could close one or end a table's cell.
pub(super) fn markdown_code(text: &str) -> String {
    let text = one_line(text);
    if !text.trim().is_empty() && !text.contains(['`', '|', '<', '>', '@', '\\']) {
        return format!("`{text}`");
    }
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '@' => out.push_str("&#64;"),
            '/' if out.ends_with(":/") => out.push_str("&#47;"),
            '.' if ends_in_www(&out) => out.push_str("&#46;"),
            '_' => out.push_str("&#95;"),
            _ => push_reference(&mut out, character),
        }
    }
    format!("<code>{out}</code>")
}

/// A text that may have several lines, as one line with `<br>`.
pub(super) fn markdown_lines(text: &str) -> String {
    text.lines().map(markdown).collect::<Vec<_>>().join("<br>")
}

/// Plain text. Character references are text to Markdown and to HTML alike, so the result is inert in
/// paragraphs, cells and `<summary>`.
pub(super) fn markdown_text(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    let mut previous = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        match character {
            // Mentions and references are looked for in the finished page: a character reference or a backslash
            // would not stop them, a zero-width space does. Links likewise.
            '@' => out.push_str("@&#8203;"),
            '#' if next.is_ascii_digit() => out.push_str("#&#8203;"),
            '-' if out.ends_with("GH") => out.push_str("&#8203;-"),
            '/' if out.ends_with(":/") => out.push_str("&#8203;/"),
            '.' if ends_in_www(&out) => out.push_str("&#8203;."),
            // Within a word `_` is itself.
            '_' if !(previous.is_alphanumeric() && next.is_alphanumeric()) => out.push_str("&#95;"),
            _ => push_reference(&mut out, character),
        }
        previous = character;
    }
    out
}

/// What Markdown or HTML would act on as a character reference, everything else as it is.
fn push_reference(out: &mut String, character: char) {
    match character {
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        // A bracket is a link only before a parenthesis: there are no link definitions.
        '(' if !out.ends_with(']') => out.push('('),
        '\\' | '`' | '*' | '|' | '~' | '$' | '(' => {
            out.push_str(&format!("&#{};", u32::from(character)));
        }
        _ => out.push(character),
    }
}

fn ends_in_www(text: &str) -> bool {
    text.len() >= 3 && text.as_bytes()[text.len() - 3..].eq_ignore_ascii_case(b"www")
}

/// The first `longest` characters, and how many more there were.
pub(super) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!(
            "{}… ({} more characters)",
            &text[..end],
            text[end..].chars().count()
        ),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unprintable_characters_become_escapes() {
        for (text, shown) in [
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\u{202e}b\u{2066}c", "a\\u{202e}b\\u{2066}c"),
            ("a\nb\r\n", "a\\nb\\r\\n"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("ünïcödé 🚢\tx", "ünïcödé 🚢\tx"),
            ("##[error]x", "##\\u{5b}error]x"),
        ] {
            assert_eq!(one_line(text), shown);
        }
    }

    #[test]
    fn workflow_commands_are_escaped_percent_first() {
        assert_eq!(
            workflow_data("50%\r\n::error::x%0A"),
            "50%25%0A::error::x%250A"
        );
        assert_eq!(workflow_property("a:b,c%\n"), "a%3Ab%2Cc%25\\n");
    }

    #[test]
    fn a_line_of_a_log_is_no_command() {
        let text = "a ::b\n  ::error::x\n::stop\n";
        assert_eq!(
            without_workflow_commands(text),
            "a ::b\n  \\u{3a}:error::x\n\\u{3a}:stop\n"
        );
    }

    #[test]
    fn uris_are_relative_and_percent_encoded() {
        for (path, uri) in [
            ("values/prod eu.yaml", "values/prod%20eu.yaml"),
            ("charts/ü#?%.yaml", "charts/%C3%BC%23%3F%25.yaml"),
            ("c:x/y.yaml", "c%3Ax/y.yaml"),
            ("//host/x", "host/x"),
        ] {
            assert_eq!(relative_uri(path), uri);
        }
    }

    #[test]
    fn markdown_is_inert_in_text_cells_and_summaries() {
        for (text, shown) in [
            ("`a_b` is <b>", "`a_b` is &lt;b&gt;"),
            (
                "`a|@b` is _c_d_",
                "<code>a&#124;&#64;b</code> is &#95;c_d&#95;",
            ),
            ("one ` only", "one &#96; only"),
            (
                "</details>@team #12",
                "&lt;/details&gt;@&#8203;team #&#8203;12",
            ),
            ("`</details>`", "<code>&lt;/details&gt;</code>"),
            (
                "[x](https://evil.example)",
                "[x]&#40;https:/&#8203;/evil.example)",
            ),
            ("a\n# b", "a&#92;n# b"),
            (
                "www.evil.example GH-1",
                "www&#8203;.evil.example GH&#8203;-1",
            ),
        ] {
            assert_eq!(markdown(text), shown);
        }
    }

    #[test]
    fn what_is_cut_says_how_much_more_there_is() {
        assert_eq!(cut("äbcdef", 4), "äbcd… (2 more characters)");
        assert_eq!(cut("äbcd", 4), "äbcd");
    }
}
