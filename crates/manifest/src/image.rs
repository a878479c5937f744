//! Image references.

/// `registry:5000/team/app:1.2@sha256:…` in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRef {
    /// With its port, if one is written: `registry.example:5000`.
    pub registry: Option<String>,
    /// `team/app`, without registry.
    pub repository: String,
    pub tag: Option<String>,
    /// `sha256:…`.
    pub digest: Option<String>,
}

impl ImageRef {
    /// None for texts that are no reference (empty, white space, an upper-case repository, an empty tag).
    pub fn parse(text: &str) -> Option<Self> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (text, None),
        };
        let (registry, rest) = match name.split_once('/') {
            Some((first, rest)) if is_registry(first) => (Some(first), rest),
            _ => (None, name),
        };
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (rest, None),
        };
        let valid = repository.split('/').all(is_path_component)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest);
        valid.then(|| Self {
            registry: registry.map(str::to_owned),
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// The last segment of the repository: by it components are recognised under any mirror.
    pub fn base_name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }

    /// The tag that counts: `latest` where neither tag nor digest is written.
    pub fn effective_tag(&self) -> Option<&str> {
        match (&self.tag, &self.digest) {
            (Some(tag), _) => Some(tag),
            (None, Some(_)) => None,
            (None, None) => Some("latest"),
        }
    }
}

/// The first component is a host if it could be no part of a repository on the default registry.
fn is_registry(component: &str) -> bool {
    let host = component.split(':').next().unwrap_or_default();
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    let looks_like_host = component.contains(['.', ':'])
        || host == "localhost"
        || component.bytes().any(|byte| byte.is_ascii_uppercase());
    looks_like_host && !host.is_empty() && component.bytes().all(allowed)
}

fn is_path_component(text: &str) -> bool {
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
    };
    let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    text.bytes().all(allowed) && edge(text.bytes().next()) && edge(text.bytes().last())
}

fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(word)
        && text
            .bytes()
            .all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}

fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, hex)| {
        !algorithm.is_empty() && hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn references_come_apart_at_the_right_signs() {
        let cases = [
            ("nginx", (None, "nginx", None)),
            ("nginx:1.29", (None, "nginx", Some("1.29"))),
            ("library/nginx", (None, "library/nginx", None)),
            ("quay.io/a/b:v1", (Some("quay.io"), "a/b", Some("v1"))),
            (
                "registry:5000/kube-proxy:v1.33.1",
                (Some("registry:5000"), "kube-proxy", Some("v1.33.1")),
            ),
            ("localhost/x", (Some("localhost"), "x", None)),
            (
                "host.example:5000/x",
                (Some("host.example:5000"), "x", None),
            ),
        ];
        for (text, (registry, repository, tag)) in cases {
            let image = ImageRef::parse(text).expect(text);
            assert_eq!(
                (
                    image.registry.as_deref(),
                    &*image.repository,
                    image.tag.as_deref()
                ),
                (registry, repository, tag)
            );
        }
    }

    #[test]
    fn digests_stand_beside_tags() {
        let image = ImageRef::parse(&format!("quay.io/a/b:v1@{DIGEST}")).expect("a reference");
        assert_eq!(
            (image.tag.as_deref(), image.digest.as_deref()),
            (Some("v1"), Some(DIGEST))
        );
        let image = ImageRef::parse(&format!("b@{DIGEST}")).expect("a reference");
        assert_eq!((image.effective_tag(), image.base_name()), (None, "b"));
        assert_eq!(
            ImageRef::parse("a/b").expect("a reference").effective_tag(),
            Some("latest")
        );
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in [
            "",
            "a b",
            "Nginx",
            "a/B",
            "nginx:",
            "nginx:a b",
            "nginx@sha256:1",
            "/x",
            "a//b",
            "a:b:c",
        ] {
            assert_eq!(ImageRef::parse(text), None, "{text}");
        }
    }
}
