//! Paths, with slashes on every system.

use super::text::{bytes, cut, opaque};
use super::{Cx, Flow, Function, Outcome, Param};
use crate::value::{Item, Val};
use std::ops::Range;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("base", &[Param::Str], Flow::Own, base),
    Function::new("osBase", &[Param::Str], Flow::Own, base),
    Function::new("dir", &[Param::Str], Flow::Own, dir),
    Function::new("osDir", &[Param::Str], Flow::Own, dir),
    Function::new("clean", &[Param::Str], Flow::Own, clean),
    Function::new("osClean", &[Param::Str], Flow::Own, clean),
    Function::new("ext", &[Param::Str], Flow::Own, ext),
    Function::new("osExt", &[Param::Str], Flow::Own, ext),
    Function::new("isAbs", &[Param::Str], Flow::Decided, is_abs),
    Function::new("osIsAbs", &[Param::Str], Flow::Decided, is_abs),
];

/// `base path`: the last element; `.` for an empty path, `/` for one of slashes only.
fn base(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let path = bytes(args, 0)?;
    match last_element(path) {
        Some(range) => cut(cx, args, 0, range),
        None if path.is_empty() => opaque(cx, ".", args),
        None => opaque(cx, "/", args),
    }
}

fn last_element(path: &[u8]) -> Option<Range<usize>> {
    let end = path.iter().rposition(|byte| *byte != b'/')? + 1;
    let start = path[..end]
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |slash| slash + 1);
    Some(start..end)
}

/// `dir path`: everything but the last element, cleaned.
fn dir(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let path = bytes(args, 0)?;
    let end = path
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |slash| slash + 1);
    let cleaned = cleaned(&path[..end]);
    opaque(cx, cleaned, args)
}

/// `clean path`: without `.`, `..` and empty elements where that is possible.
fn clean(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let path = bytes(args, 0)?;
    let cleaned = cleaned(path);
    if cleaned == path {
        return Ok(args[0].clone());
    }
    opaque(cx, cleaned, args)
}

/// `ext path`: the last element from its last dot on.
fn ext(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let path = bytes(args, 0)?;
    let start = path
        .iter()
        .rposition(|byte| matches!(byte, b'.' | b'/'))
        .filter(|at| path[*at] == b'.');
    cut(cx, args, 0, start.unwrap_or(path.len())..path.len())
}

/// `isAbs path`: whether it begins with a slash.
fn is_abs(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Bool(bytes(args, 0)?.starts_with(b"/")).into())
}

/// Go's `path.Clean`.
fn cleaned(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut elements: Vec<&[u8]> = Vec::new();
    for element in path.split(|byte| *byte == b'/') {
        match element {
            b"" | b"." => {}
            b".." => match elements.last() {
                Some(last) if *last != b".." => {
                    elements.pop();
                }
                _ if !rooted => elements.push(element),
                _ => {}
            },
            _ => elements.push(element),
        }
    }
    let joined = elements.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn paths_are_cleaned_as_go_cleans_them() {
        let cases = [
            ("", "."),
            ("a//b/../c/./", "a/c"),
            ("../x", "../x"),
            ("a/../..", ".."),
            ("../../a/..", "../.."),
            ("/../a", "/a"),
            ("/..", "/"),
            ("//", "/"),
            ("./.", "."),
            ("a/..", "."),
        ];
        for (path, expected) in cases {
            assert_eq!(cleaned(path.as_bytes()), expected.as_bytes(), "{path}");
        }
    }
}
