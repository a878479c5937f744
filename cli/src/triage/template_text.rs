//! Templates made readable as YAML, byte for byte, so that their YAML comments can be told from other text.

/// What stands in for the bytes of an action inside a line.
const FILLER: u8 = b'x';

/// The text with every `{{ … }}` replaced by as many bytes: blanks where actions have a line for themselves
/// (`{{- if }}`, `{{- include … }}`), a word where they are a part of one. Line breaks stay.
pub(super) fn without_actions(text: &[u8]) -> Vec<u8> {
    let inside = inside_actions(text);
    let mut masked = text.to_vec();
    let mut start = 0;
    while start < text.len() {
        let end = text[start..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(text.len(), |at| start + at);
        let first = (start..end).find(|at| !inside[*at] && !is_blank(text[*at]));
        // A comment may stand behind an action that has its line for itself.
        let filler = if first.is_none_or(|at| text[at] == b'#') {
            b' '
        } else {
            FILLER
        };
        (start..end)
            .filter(|at| inside[*at] && text[*at] != b'\r')
            .for_each(|at| masked[at] = filler);
        start = end + 1;
    }
    masked
}

/// For each byte, whether it belongs to an action.
fn inside_actions(text: &[u8]) -> Vec<bool> {
    let mut inside = vec![false; text.len()];
    let mut at = 0;
    while let Some(start) = find(text, b"{{", at) {
        at = action_end(text, start);
        inside[start..at].fill(true);
    }
    inside
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

/// Behind the `}}` that closes an action: not one in a string or comment of it. The end of the text if there is none.
fn action_end(text: &[u8], start: usize) -> usize {
    let body = start + 2;
    let trimmed = if text.get(body) == Some(&b'-') {
        body + 1
    } else {
        body
    };
    let trimmed = trimmed
        + text[trimmed..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
    let mut at = match text[trimmed..].starts_with(b"/*") {
        true => find(text, b"*/", trimmed + 2).map_or(text.len(), |end| end + 2),
        false => body,
    };
    while at < text.len() {
        match text[at] {
            b'}' if text.get(at + 1) == Some(&b'}') => return at + 2,
            quote @ (b'"' | b'`') => at = string_end(text, at + 1, quote),
            _ => at += 1,
        }
    }
    text.len()
}

fn string_end(text: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start;
    while at < text.len() {
        match text[at] {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn find(text: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    rest.windows(wanted.len())
        .position(|window| window == wanted)
        .map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_become_words_in_a_line_and_blanks_on_their_own() {
        for (text, masked) in [
            ("a: {{ .b }}\n", "a: xxxxxxxx\n"),
            (
                "{{- if .x }}\na: 1\n{{ end }}",
                "            \na: 1\n         ",
            ),
            ("  {{ .x }} # why\n", "           # why\n"),
            ("a: {{ .b\n  | c }} # why", "a: xxxxx\n         # why"),
            ("a: {{ \"}}\" }}!", "a: xxxxxxxxxx!"),
            ("a: {{ `}}` }}!", "a: xxxxxxxxxx!"),
            ("a: {{/* }} */}}!", "a: xxxxxxxxxxxx!"),
            ("a: x {{ never closed", "a: x xxxxxxxxxxxxxxx"),
            ("a: {{ \"never closed", "a: xxxxxxxxxxxxxxxx"),
            ("xxx\n", "xxx\n"),
            ("{", "{"),
            ("", ""),
        ] {
            let actual = without_actions(text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&actual), masked, "{text:?}");
        }
    }
}
