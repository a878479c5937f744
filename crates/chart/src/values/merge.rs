//! Merging user-supplied maps: the later one wins.

use super::origins::Recorder;
use std::sync::Arc;
use yaml::{Map, Value};

/// Merges `from` into `into`: maps are merged, anything else is replaced.
pub(crate) fn merge_maps(into: &mut Map, from: Map, recorder: &mut Recorder<'_>) {
    for (key, mut entry) in from {
        if let Some(old) = into.get_mut(&key) {
            recorder.overrides(entry.mark, old.mark);
            if let (Value::Map(old), Value::Map(new)) = (&mut old.value, &mut entry.value) {
                let mut merged = std::mem::take(Arc::make_mut(old));
                merge_maps(&mut merged, std::mem::take(Arc::make_mut(new)), recorder);
                entry.value = Value::map(merged);
            }
        }
        into.insert(key, entry);
    }
}
