//! Fingerprints: the same for the same finding after lines have moved, distinct within a report.

use super::EnvironmentOutcome;
use super::group::Group;
use crate::report::model::ReportedFinding;
use policies::Finding;
use source::{Place, SourceFiles};
use std::collections::BTreeMap;

/// Finished findings, in the order of the groups.
///
/// What a fingerprint rests on: rule, resource, field, file and value path of the primary place, and among findings
/// that agree in all of these their number in the report's order.
pub(super) fn with_fingerprints(
    groups: Vec<Group>,
    environments: &[EnvironmentOutcome],
    files: &SourceFiles,
) -> Vec<ReportedFinding> {
    let mut seen: BTreeMap<Hash, u64> = BTreeMap::new();
    let mut name = |finding: &Finding| {
        let mut hash = subject(finding, files);
        let ordinal = seen.entry(hash).or_insert(0);
        hash.part(&ordinal.to_string());
        *ordinal += 1;
        format!("{:032x}", hash.0)
    };
    let reported = |group: Group| ReportedFinding {
        fingerprint: name(&group.finding),
        environments: group
            .environments
            .iter()
            .map(|index| environments[*index].summary.name.clone())
            .collect(),
        allowed: group.allowed,
        finding: group.finding,
    };
    groups.into_iter().map(reported).collect()
}

/// Everything but the ordinal.
fn subject(finding: &Finding, files: &SourceFiles) -> Hash {
    let mut hash = Hash::EMPTY;
    hash.part(&finding.rule);
    if let Some(resource) = &finding.resource {
        hash.part(&resource.group);
        hash.part(&resource.kind);
        hash.part(resource.namespace.as_deref().unwrap_or_default());
        hash.part(&resource.name);
    } else {
        hash.part("");
    }
    hash.part(&finding.field);
    match &finding.primary.place {
        Place::File(span) => hash.part(&files.get(span.file).name),
        // The value may be secret, and changes without the finding becoming another one.
        Place::Flag { text } => hash.part(text.split_once('=').map_or(&**text, |(flag, _)| flag)),
    }
    hash.part(
        &finding
            .primary
            .value
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
    );
    hash
}

/// FNV-1a with 128 bits: the same on every machine and in every version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hash(u128);

impl Hash {
    const EMPTY: Self = Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    /// Adds a text and its end, so that `ab`, `c` is not `a`, `bc`.
    fn part(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.byte(byte));
        // No UTF-8 text has this byte.
        self.byte(0xff);
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(Self::PRIME);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // The published test vectors of the algorithm for "" and "a".
        assert_eq!(Hash::EMPTY.0, 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        let mut hash = Hash::EMPTY;
        hash.byte(b'a');
        assert_eq!(hash.0, 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }

    #[test]
    fn the_ends_of_parts_count() {
        let hash = |parts: [&str; 2]| {
            let mut hash = Hash::EMPTY;
            parts.iter().for_each(|part| hash.part(part));
            hash
        };
        assert_ne!(hash(["ab", "c"]), hash(["a", "bc"]));
        assert_ne!(hash(["", "a"]), hash(["a", ""]));
    }
}
