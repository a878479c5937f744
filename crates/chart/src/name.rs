//! The rule for release names.

use crate::goformat::quote;
use gotemplate::HelmLine;

const PATTERN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
const MAX_BYTES: usize = 53;

/// Checks a release's name as Helm does: at most 53 bytes, DNS labels with dots between them.
///
/// # Errors
/// Helm's text: `release name check failed: …`.
pub fn validate_release_name(name: &str, helm: HelmLine) -> Result<(), String> {
    let reason = if name.is_empty() {
        "no name provided".to_owned()
    } else if name.len() <= MAX_BYTES && name.split('.').all(is_label) {
        return Ok(());
    } else {
        let rest = format!("and the length must not be longer than {MAX_BYTES}");
        format!("invalid release name, must match regex {PATTERN} {rest}")
    };
    let step = match helm {
        HelmLine::V4 => "release name check failed: ",
        HelmLine::V3 => "",
    };
    Err(format!("{step}release name {}: {reason}", quote(name)))
}

fn is_label(label: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = label.as_bytes();
    let ends = bytes.first().into_iter().chain(bytes.last());
    !label.is_empty()
        && ends.copied().all(alphanumeric)
        && bytes
            .iter()
            .all(|byte| *byte == b'-' || alphanumeric(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_labels_with_dots_between_them() {
        for name in ["a", "rel-1", "a.b-c.d", &"x".repeat(53)] {
            assert_eq!(validate_release_name(name, HelmLine::V4), Ok(()), "{name}");
        }
        for name in ["A", "-a", "a-", "a..b", ".a", "a_b", &"x".repeat(54)] {
            let error = validate_release_name(name, HelmLine::V4).unwrap_err();
            assert!(
                error.starts_with("release name check failed: release name \""),
                "{error}"
            );
        }
        let empty = validate_release_name("", HelmLine::V3).unwrap_err();
        assert_eq!(empty, "release name \"\": no name provided");
    }
}
