//! `allow`: findings that somebody has accepted, with a reason.

use super::reader::{Fields, Item, Reader};
use super::{Allowance, RuleNames};
use jiff::civil::Date;

const KEYS: &[&str] = &["rule", "resource", "reason", "until"];

pub(super) fn read(
    reader: &mut Reader<'_>,
    item: Option<Item<'_>>,
    known: &RuleNames<'_>,
) -> Vec<Allowance> {
    let Some(item) = item else { return Vec::new() };
    let items = reader.items(item, "`allow`");
    items
        .into_iter()
        .filter_map(|item| read_one(reader, item, known))
        .collect()
}

/// None where rule or reason are missing, which are errors.
fn read_one(reader: &mut Reader<'_>, item: Item<'_>, known: &RuleNames<'_>) -> Option<Allowance> {
    const OWNER: &str = "an entry of `allow`";
    let fields = reader.fields(item, OWNER, KEYS);
    let rule = required(reader, item, &fields, "rule");
    if let Some((rule, item)) = rule.as_ref().zip(fields.get("rule"))
        && let Some(complaint) = known.complaint(rule)
    {
        reader.error_with_help(
            item,
            complaint,
            "`keelcheck rules` lists the rules".to_owned(),
        );
    }
    let reason = required(reader, item, &fields, "reason");
    Some(Allowance {
        resource: read_resource(reader, &fields),
        until: read_until(reader, &fields),
        place: item.place(),
        rule: rule?,
        reason: reason?,
    })
}

fn required(
    reader: &mut Reader<'_>,
    item: Item<'_>,
    fields: &Fields<'_>,
    key: &str,
) -> Option<String> {
    let Some(field) = fields.get(key) else {
        if matches!(item.value, yaml::Value::Map(_)) {
            reader.error(item, format!("an entry of `allow` has no `{key}`"));
        }
        return None;
    };
    let text = reader.string(field, &format!("`{key}`"))?;
    if text.trim().is_empty() {
        reader.error(field, format!("`{key}` is empty"));
        return None;
    }
    Some(text.trim().to_owned())
}

fn read_resource(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<String> {
    let item = fields.get("resource")?;
    let text = reader.string(item, "`resource`")?;
    let parts: Vec<&str> = text.split('/').collect();
    if (2..=3).contains(&parts.len()) && parts.iter().all(|part| !part.trim().is_empty()) {
        return Some(text);
    }
    reader.error(
        item,
        format!(
            "`resource` is `{text}`: Kind/namespace/name, or Kind/name if it is cluster-scoped"
        ),
    );
    None
}

fn read_until(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Date> {
    let item = fields.get("until")?;
    let text = reader.string(item, "`until`")?;
    let is_date_only = text.len() == "2027-01-31".len();
    match text.parse::<Date>() {
        Ok(date) if is_date_only => Some(date),
        _ => {
            let message = format!("`until` is `{text}`, and that is no date");
            reader.error_with_help(
                item,
                message,
                "write the last day allowed as 2027-01-31".to_owned(),
            );
            None
        }
    }
}
