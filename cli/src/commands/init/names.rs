//! Names of environments: kebab-case and unique.

use super::Candidate;
use std::collections::{BTreeMap, BTreeSet};

/// Lower-case letters, digits and single dashes; never empty.
pub(super) fn kebab(text: &str) -> String {
    let mut name = String::new();
    for letter in text.chars() {
        match letter {
            'a'..='z' | '0'..='9' => name.push(letter),
            'A'..='Z' => name.push(letter.to_ascii_lowercase()),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    if name.is_empty() {
        "environment".to_owned()
    } else {
        name
    }
}

/// Tells environments of one name apart by the folders that only some of their files lie in, and by a number where
/// that is not enough.
pub(super) fn make_unique(candidates: &mut [Candidate]) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        groups
            .entry(candidate.name.clone())
            .or_default()
            .push(index);
    }
    for group in groups.values().filter(|group| group.len() > 1) {
        let folders: Vec<Vec<String>> = group
            .iter()
            .map(|index| folders(&candidates[*index]))
            .collect();
        for (index, own) in group.iter().zip(&folders) {
            let telling = own
                .iter()
                .filter(|folder| !folders.iter().all(|other| other.contains(folder)));
            for folder in telling {
                candidates[*index].name = kebab(&format!("{}-{folder}", candidates[*index].name));
            }
        }
    }
    let mut taken = BTreeSet::new();
    for candidate in candidates {
        let mut name = candidate.name.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{}-{number}", candidate.name);
            number += 1;
        }
        candidate.name = name;
    }
}

fn folders(candidate: &Candidate) -> Vec<String> {
    let path = candidate.declared_in.as_ref().unwrap_or(&candidate.chart);
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    parts.pop();
    parts
}
