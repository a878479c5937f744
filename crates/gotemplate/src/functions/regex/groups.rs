//! What may follow `(?`: flags, and groups with names.

use super::syntax::{Parser, SyntaxError, check_utf8};

impl Parser<'_> {
    /// `(?flags)`, `(?flags:…)`, `(?P<name>…)`, `(?<name>…)`
    pub(super) fn flags_or_group(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let rest = self.rest();
        if (rest.len() > 4 && rest.starts_with(b"(?P<"))
            || (rest.len() > 3 && rest.starts_with(b"(?<"))
        {
            return self.named_group(if rest[2] == b'P' { 4 } else { 3 });
        }
        self.at += 2;
        let mut flags = self.flags;
        let (mut on, mut after_minus) = (true, false);
        while self.at < self.text.len() {
            let c = self.character()?;
            match c {
                'i' => flags.fold_case = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_newline = on,
                'U' => flags.non_greedy = on,
                '-' if on => (on, after_minus) = (false, true),
                ':' | ')' if !after_minus => {
                    if c == ':' {
                        self.open(None);
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => break,
            }
            after_minus &= c == '-';
        }
        Err(SyntaxError::new(
            "invalid or unsupported Perl syntax",
            &self.text[start..self.at],
        ))
    }

    fn named_group(&mut self, prefix: usize) -> Result<(), SyntaxError> {
        let rest = self.rest();
        let Some(end) = rest.iter().position(|byte| *byte == b'>') else {
            check_utf8(rest)?;
            return Err(SyntaxError::new("invalid named capture", rest));
        };
        let name = &rest[prefix..end];
        check_utf8(name)?;
        let valid = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        if name.is_empty() || !name.iter().all(valid) {
            return Err(SyntaxError::new("invalid named capture", &rest[..=end]));
        }
        let name = String::from_utf8_lossy(name).into_owned();
        self.at += end + 1;
        self.open(Some(name));
        Ok(())
    }
}
