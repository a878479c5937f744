//! `.helmignore`: which files of a chart folder are no part of the chart.

use crate::glob::{self, BadPattern};
use source::Problem;

/// The rules of a chart folder. Only the top-level chart's own `.helmignore` counts, and only for folders.
#[derive(Debug, Clone)]
pub struct IgnoreRules {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    pattern: String,
    /// Whether the pattern is about the base name, not the path from the chart's folder.
    base_name: bool,
    negated: bool,
    directories_only: bool,
}

/// Helm's own rule, always the last one.
const DEFAULT_RULE: &str = "templates/.?*";

impl Default for IgnoreRules {
    /// The rules of a chart without a `.helmignore`: dot files directly in `templates/` are left out.
    fn default() -> Self {
        Self {
            rules: vec![Rule::new(DEFAULT_RULE)],
        }
    }
}

impl IgnoreRules {
    /// Reads a `.helmignore`.
    ///
    /// # Errors
    /// Helm's text: `double-star (**) syntax is not supported`, `syntax error in pattern`.
    pub fn parse(text: &[u8]) -> Result<Self, Problem> {
        let text = String::from_utf8_lossy(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
        let lines = text
            .split('\n')
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut rules = lines.map(read_rule).collect::<Result<Vec<_>, _>>()?;
        rules.push(Rule::new(DEFAULT_RULE));
        Ok(Self { rules })
    }

    /// Whether an entry is left out; an ignored folder is left out with all that is in it. `relative_path` is
    /// relative to the chart's folder, with `/`. Ask for a folder before its entries.
    pub fn ignores(&self, relative_path: &str, is_dir: bool) -> bool {
        if matches!(relative_path, "" | "." | "./") {
            return false;
        }
        for rule in &self.rules {
            let matches = (is_dir || !rule.directories_only) && rule.matches(relative_path);
            // A negated rule is the reverse of git's: it drops whatever it does not match.
            if matches != rule.negated {
                return true;
            }
        }
        false
    }
}

fn read_rule(line: &str) -> Result<Rule, Problem> {
    if line.contains("**") {
        return Err(Problem::new("double-star (**) syntax is not supported"));
    }
    glob::validate(line).map_err(|BadPattern| Problem::new(BadPattern::MESSAGE))?;
    Ok(Rule::new(line))
}

impl Rule {
    fn new(line: &str) -> Self {
        let (negated, rest) = line
            .strip_prefix('!')
            .map_or((false, line), |rest| (true, rest));
        let (directories_only, rest) = rest
            .strip_suffix('/')
            .map_or((false, rest), |rest| (true, rest));
        let (anchored, pattern) = rest
            .strip_prefix('/')
            .map_or((false, rest), |rest| (true, rest));
        let base_name = !anchored && !pattern.contains('/');
        Self {
            pattern: pattern.to_owned(),
            base_name,
            negated,
            directories_only,
        }
    }

    fn matches(&self, path: &str) -> bool {
        let subject = if self.base_name {
            path.rsplit('/').next().unwrap_or(path)
        } else {
            path
        };
        glob::matches(&self.pattern, subject).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of a tree that stay, in order.
    fn kept(rules: &str) -> Vec<&'static str> {
        const TREE: &[&str] = &[
            "Chart.yaml",
            "a.txt",
            "b.log",
            "files/b.txt",
            "files/foo/x.txt",
            "foo/y.txt",
        ];
        let rules = IgnoreRules::parse(rules.as_bytes()).expect("rules that can be read");
        let stays = |path: &&&str| {
            let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
            !folders
                .into_iter()
                .any(|folder| rules.ignores(folder, true))
                && !rules.ignores(path, false)
        };
        TREE.iter().filter(stays).copied().collect()
    }

    #[test]
    fn rules_leave_out_what_helm_leaves_out() {
        let all = [
            "Chart.yaml",
            "a.txt",
            "b.log",
            "files/b.txt",
            "files/foo/x.txt",
            "foo/y.txt",
        ];
        let cases: &[(&str, &[&str])] = &[
            ("", &all),
            ("# a.txt\n\n  \n", &all),
            ("a.txt # comment", &all),
            ("foo/", &["Chart.yaml", "a.txt", "b.log", "files/b.txt"]),
            (
                "/foo",
                &[
                    "Chart.yaml",
                    "a.txt",
                    "b.log",
                    "files/b.txt",
                    "files/foo/x.txt",
                ],
            ),
            ("files/*", &["Chart.yaml", "a.txt", "b.log", "foo/y.txt"]),
            (
                "foo/y.txt",
                &[
                    "Chart.yaml",
                    "a.txt",
                    "b.log",
                    "files/b.txt",
                    "files/foo/x.txt",
                ],
            ),
            (
                "\u{feff}*.log\r\na.txt\r\n",
                &["Chart.yaml", "files/b.txt", "files/foo/x.txt", "foo/y.txt"],
            ),
            ("a.txt/", &all),
            ("!a.txt", &["a.txt"]),
            ("!*.txt/", &[]),
        ];
        for (rules, expected) in cases {
            assert_eq!(kept(rules), *expected, "{rules:?}");
        }
    }

    #[test]
    fn dot_files_directly_in_templates_are_left_out_by_default() {
        let rules = IgnoreRules::default();
        assert!(rules.ignores("templates/.x.yaml", false));
        assert!(rules.ignores("templates/.d", true));
        assert!(!rules.ignores("templates/sub/.x.yaml", false));
        assert!(!rules.ignores(".helmignore", false));
    }

    #[test]
    fn rules_that_helm_refuses_are_refused() {
        let message = |rules: &str| IgnoreRules::parse(rules.as_bytes()).unwrap_err().message;
        assert_eq!(message("**/a"), "double-star (**) syntax is not supported");
        assert_eq!(message("[a"), "syntax error in pattern");
    }
}
