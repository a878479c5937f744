//! Differences that every release brings, and that nobody has to review.

use crate::change::FieldChange;
use crate::difference::Side;
use manifest::{FieldPath, Object};

/// Labels that repeat the chart's version.
const CHART_LABELS: &[&str] = &["helm.sh/chart", "chart", "app.kubernetes.io/version"];

/// Why a field's difference is only noise.
pub(crate) fn field_noise(
    desired: &Object,
    path: &FieldPath,
    after: Option<&Side<'_>>,
) -> Option<String> {
    if let ["metadata", "labels", label] = path.map_keys().as_slice()
        && CHART_LABELS.contains(label)
    {
        return Some("the label repeats the chart's version".to_owned());
    }
    let Some(Side::Entry(entry)) = after else {
        return None;
    };
    is_volatile(desired, entry.mark).then(|| "the text is new in every rendering".to_owned())
}

/// Whether a random, certificate or time function wrote the text.
fn is_volatile(object: &Object, mark: u32) -> bool {
    let (Some(rendered), Some(span)) = (&object.rendered, object.span_of(mark)) else {
        return false;
    };
    let (start, end) = (
        span.value.start + rendered.offset,
        span.value.end + rendered.offset,
    );
    rendered
        .map
        .overlapping(start, end)
        .any(|(_, _, segment)| segment.prov.volatile)
}

/// Why a whole change is only noise: all its fields are.
pub(crate) fn object_noise(fields: &[FieldChange]) -> Option<String> {
    let all = fields.iter().all(|field| field.noise.is_some());
    fields.first().filter(|_| all)?.noise.clone()
}
