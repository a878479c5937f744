//! What tools print for people: tables and lines, read without their JSON form.

use super::TablePrint;
use yaml::{Entry, Map, Value};

/// What `etcdutl snapshot status` prints as a table, or as a line of commas (`simple`), as its JSON form would be.
/// The hash is hexadecimal there.
pub(super) fn etcd_status(text: &str) -> Option<Value> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let (cells, separator) = match lines[..] {
        [line] if !line.starts_with('{') => (line, ','),
        [border, head, _, row, ..]
            if border.starts_with("+-") && head.to_ascii_uppercase().contains("TOTAL KEYS") =>
        {
            (row.strip_prefix('|')?.strip_suffix('|')?, '|')
        }
        _ => return None,
    };
    let cells: Vec<&str> = cells.split(separator).map(str::trim).collect();
    let ([hash, revision, keys, size] | [hash, revision, keys, size, _]) = cells[..] else {
        return None;
    };
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| map.insert(key.into(), Entry::unmarked(value));
    put("hash", Value::Int(i64::from_str_radix(hash, 16).ok()?));
    put("revision", Value::Int(revision.parse().ok()?));
    put("totalKey", Value::Int(keys.parse().ok()?));
    put("size", Value::from(size));
    if let Some(version) = cells.get(4).filter(|version| !version.is_empty()) {
        put("version", Value::from(*version));
    }
    Some(Value::map(map))
}

/// Whether a tree is what `etcdutl snapshot status -w json` prints.
pub(super) fn is_etcd_status(root: &Value) -> bool {
    ["hash", "revision", "totalKey"]
        .iter()
        .all(|key| root.get(key).is_some())
}

/// An etcd snapshot itself: a bbolt file, whose first page holds this number.
pub(super) fn is_etcd_snapshot(text: &[u8]) -> bool {
    const BBOLT_MAGIC: [u8; 4] = 0xED0C_DAED_u32.to_le_bytes();
    text.get(16..20) == Some(&BBOLT_MAGIC)
}

/// Recognises a table by its head.
pub(super) fn table_print(text: &str) -> Option<TablePrint> {
    let has = |words: &[&str]| {
        text.lines()
            .any(|line| words.iter().all(|word| line.contains(word)))
    };
    if has(&["CERTIFICATE", "EXPIRES", "RESIDUAL TIME"]) {
        return Some(TablePrint::KubeadmCertificates);
    }
    if has(&["COMPONENT", "CURRENT", "TARGET"]) || has(&["[upgrade/versions]"]) {
        return Some(TablePrint::KubeadmUpgradePlan);
    }
    has(&["NAME", "CPU(cores)", "MEMORY(bytes)"]).then_some(TablePrint::KubectlTopNodes)
}

/// Whether a tree is a report of a vulnerability scanner: Trivy, Clair, or SARIF.
pub(super) fn is_scan_report(root: &Value) -> bool {
    let has = |keys: [&str; 2]| keys.iter().all(|key| root.get(key).is_some());
    has(["SchemaVersion", "ArtifactName"])
        || has(["manifest_hash", "vulnerabilities"])
        || has(["version", "runs"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_lines_of_etcdutl_say_the_same() {
        let table = "+----------+----------+------------+------------+\n\
                     |   HASH   | REVISION | TOTAL KEYS | TOTAL SIZE |\n\
                     +----------+----------+------------+------------+\n\
                     | 7ef846e0 |   485261 |      11642 |      94 MB |\n\
                     +----------+----------+------------+------------+\n";
        let table = etcd_status(table).expect("a status");
        assert_eq!(
            Some(&table),
            etcd_status("7ef846e0, 485261, 11642, 94 MB\n").as_ref()
        );
        assert!(is_etcd_status(&table));
        assert_eq!(table.at(&["hash"]), Some(&Value::Int(0x7ef8_46e0)));
        let newer = etcd_status("7ef846e0, 485261, 11642, 94 MB, 3.6.0").expect("a status");
        assert_eq!(newer.at(&["version"]), Some(&Value::from("3.6.0")));
        assert_eq!(etcd_status("some, words, in, a row"), None);
    }

    #[test]
    fn tables_are_known_by_their_heads() {
        let cases = [
            (
                "CERTIFICATE                EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY",
                Some(TablePrint::KubeadmCertificates),
            ),
            (
                "COMPONENT   NODE   CURRENT   TARGET\nkubelet   a   v1.33.0   v1.34.0",
                Some(TablePrint::KubeadmUpgradePlan),
            ),
            (
                "NAME   CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)",
                Some(TablePrint::KubectlTopNodes),
            ),
            ("NAME STATUS", None),
        ];
        for (text, expected) in cases {
            assert_eq!(table_print(text), expected, "{text}");
        }
    }
}
