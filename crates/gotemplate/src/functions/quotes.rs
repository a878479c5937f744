//! Values as text: `toString`, `quote`, `squote`, `cat`, and Go's escaping functions.

use super::format::{push_display, push_quoted, sprint, strval_item};
use super::text::{Rewrite, finish};
use super::{Cx, Flow, Function, Outcome, Param};
use crate::syntax::unicode::{decode, is_printable};
use crate::value::{Item, Str, Val};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("toString", &[Param::Any], Flow::Own, to_string),
    Function::variadic("quote", &[], Param::Any, Flow::Own, quote),
    Function::variadic("squote", &[], Param::Any, Flow::Own, squote),
    Function::variadic("cat", &[], Param::Any, Flow::Own, cat),
    Function::variadic("html", &[], Param::Any, Flow::Own, html),
    Function::variadic("js", &[], Param::Any, Flow::Own, js),
    Function::variadic("urlquery", &[], Param::Any, Flow::Own, urlquery),
];

/// `toString value`: sprig's `strval`.
fn to_string(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    match args.first() {
        Some(item) => strval_item(cx, item),
        None => Err("toString needs a value".into()),
    }
}

/// `quote value…`: each value that is not nil in double quotes with Go's escapes, with blanks between.
fn quote(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut out = cx.text();
    for (index, item) in present(args).enumerate() {
        if index > 0 {
            out.push(b" ", source::Prov::NONE);
        }
        let text = strval_item(cx, item)?;
        if let Val::Str(string) = &text.val {
            cx.charge(string.len() as u64 + 2)?;
            push_quoted(&mut out, string, text.prov);
        }
    }
    Ok(finish(cx, out, args))
}

/// `squote value…`: each value that is not nil in single quotes, without any escaping, with blanks between.
fn squote(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut out = cx.text();
    for (index, item) in present(args).enumerate() {
        out.push(if index > 0 { b" '" } else { b"'" }, item.prov);
        out = push_display(cx, out, item)?;
        out.push(b"'", item.prov);
    }
    Ok(finish(cx, out, args))
}

/// `cat value…`: the values that are not nil with blanks between.
fn cat(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut out = cx.text();
    for (index, item) in present(args).enumerate() {
        if index > 0 {
            out.push(b" ", source::Prov::NONE);
        }
        out = push_display(cx, out, item)?;
    }
    Ok(finish(cx, out, args))
}

fn present(args: &[Item]) -> impl Iterator<Item = &Item> {
    args.iter().filter(|item| !item.val.is_nil())
}

/// `html value…`: `& < > " '` as entities.
fn html(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    escaped(cx, args, |out, text, at| {
        match text[at] {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            byte => out.push(byte),
        }
        1
    })
}

/// `js value…`: fit for the inside of a string literal of JavaScript.
fn js(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    escaped(cx, args, |out, text, at| {
        let Some((c, width)) = decode(text, at) else {
            return 1;
        };
        match c {
            '\\' | '\'' | '"' => out.extend_from_slice(&[b'\\', text[at]]),
            '<' | '>' | '&' | '=' | '\0'..='\x1f' => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
            }
            _ if c.is_ascii() || is_printable(c) => out.extend_from_slice(&text[at..at + width]),
            _ => out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes()),
        }
        width
    })
}

/// `urlquery value…`: escaped for the query of a URL.
fn urlquery(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    escaped(cx, args, |out, text, at| {
        match text[at] {
            b' ' => out.push(b'+'),
            byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => out.push(byte),
            byte => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
        1
    })
}

/// The arguments' text, rewritten by `escape`, which writes what stands for the byte or character at a place and
/// returns how many bytes it took.
fn escaped(
    cx: &mut Cx<'_>,
    args: &[Item],
    escape: impl Fn(&mut Vec<u8>, &[u8], usize) -> usize,
) -> Outcome {
    let text = operands_text(cx, args)?;
    cx.charge(text.len() as u64 * 2)?;
    let mut rewrite = Rewrite::new(&text);
    let mut at = 0;
    while at < text.len() {
        rewrite.seek(at);
        at += escape(rewrite.bytes(), text.bytes(), at);
    }
    Ok(Item {
        val: Val::Str(rewrite.finish()),
        prov: cx.prov_of(args),
    })
}

/// Go's `evalArgs`: a single string as it is, otherwise as `print` has it, with `<no value>` for nil.
fn operands_text(cx: &mut Cx<'_>, args: &[Item]) -> Result<Str, super::CallError> {
    if let [
        Item {
            val: Val::Str(text),
            ..
        },
    ] = args
    {
        return Ok(text.clone());
    }
    let shown: Vec<Item> = args
        .iter()
        .map(|item| match item.val {
            Val::Nil => Item {
                val: Val::string("<no value>"),
                prov: item.prov,
            },
            _ => item.clone(),
        })
        .collect();
    sprint(cx, &shown)
}
