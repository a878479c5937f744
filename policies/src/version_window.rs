//! The window of versions that the API servers allow to nodes' components.

use crate::cluster::oldest_and_newest;
use crate::rule::Findings;
use manifest::KubeVersion;

/// The API servers at one moment: now, or after a hop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    oldest: KubeVersion,
    newest: KubeVersion,
    after_hop: bool,
}

/// How many minors a kubelet or kube-proxy may be behind: three, two if it is itself older than 1.25.
/// Source: Kubernetes' version skew policy since 1.28.
pub(crate) fn allowed_minors_behind(component: KubeVersion) -> i64 {
    if (component.major, component.minor) < (1, 25) {
        2
    } else {
        3
    }
}

impl Window {
    /// The window of the API servers that run; None where none is known.
    pub(crate) fn of(api_servers: &[KubeVersion]) -> Option<Self> {
        let (oldest, newest) = oldest_and_newest(api_servers)?;
        Some(Self {
            oldest,
            newest,
            after_hop: false,
        })
    }

    /// The window when all API servers have reached a hop.
    pub(crate) fn after(hop: KubeVersion) -> Self {
        Self {
            oldest: hop,
            newest: hop,
            after_hop: true,
        }
    }

    /// Whether an API server is older than a component, by minor.
    pub(crate) fn is_older_than(&self, version: KubeVersion) -> bool {
        version.to_minor() > self.oldest.to_minor()
    }

    /// Why a component of a node is outside; None inside.
    pub(crate) fn refuses(&self, component: &str, version: KubeVersion) -> Option<String> {
        let shown = version.minor_text();
        let server = |server: KubeVersion| {
            let after = if self.after_hop { " after the hop" } else { "" };
            format!("API server {}{after}", server.minor_text())
        };
        if self.is_older_than(version) {
            return Some(format!(
                "{component} {shown} is newer than {}",
                server(self.oldest)
            ));
        }
        let behind = self.newest.minors_ahead_of(version)?;
        let allowed = allowed_minors_behind(version);
        (behind > allowed).then(|| {
            format!(
                "{component} {shown} is {behind} minors behind {}, at most {allowed} are allowed",
                server(self.newest)
            )
        })
    }
}

/// Says which flag would give the API servers' version.
pub(crate) fn unchecked_api_version(found: &mut Findings<'_>) {
    found.unchecked(
        "no API server's version is known (--current-version VERSION, or --capture FILE with `kubectl version -o json`)",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> KubeVersion {
        KubeVersion::parse(text).expect("a version")
    }

    #[test]
    fn the_window_is_three_minors_and_two_for_old_components() {
        let window = Window::of(&[version("1.34.1"), version("1.33.0")]).expect("a window");
        assert_eq!(window.refuses("kubelet", version("1.31.9")), None);
        assert_eq!(window.refuses("kubelet", version("1.33.7")), None);
        let newer = window.refuses("kubelet", version("1.34.0"));
        assert_eq!(
            newer.as_deref(),
            Some("kubelet 1.34 is newer than API server 1.33")
        );
        let older = window.refuses("kubelet", version("1.30.0"));
        let expected = "kubelet 1.30 is 4 minors behind API server 1.34, at most 3 are allowed";
        assert_eq!(older.as_deref(), Some(expected));
        let old = Window::after(version("1.27.0")).refuses("kubelet", version("1.24.9"));
        let expected =
            "kubelet 1.24 is 3 minors behind API server 1.27 after the hop, at most 2 are allowed";
        assert_eq!(old.as_deref(), Some(expected));
        assert_eq!(
            Window::after(version("1.27.0")).refuses("kubelet", version("1.25.0")),
            None
        );
    }
}
