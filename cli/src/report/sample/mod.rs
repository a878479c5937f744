//! One report with the nasty cases, built in code and shared by the tests of all reporters.

mod changes;

use super::model::{Allowed, Counts, EnvironmentSummary, Report, ReportedFinding, RuleSummary};
use super::{Options, Secrets};
use changes::{changes, problems, unchecked};
use manifest::ResourceId;
use policies::{Finding, Label, PlaceKind, Severity};
use source::{FileId, FileKind, Place, SourceFiles, Span, ValuePath};

/// Texts that no report may show: learned ones, and values of secret keys in files and flags.
pub(super) const SECRETS: [&str; 5] = [
    "hunter2",
    "from-the-file",
    "in-the-block",
    "on-the-flag",
    "in-the-live-secret",
];

/// Every character and sequence that some sink would act on.
const HOSTILE: &str = "50% `x` | y <b>z</b> </details> @team #12 [a](https://evil.example)\r\n::error::owned \u{1b}[31m\u{202e}gpj ##[error]";

const OVERLAY: &str = "\
# größe 🚢 of the ui
ui:
  größe: \"für ü\"
  replicas: 3
  podDisruptionBudget: null
db:
  password: from-the-file
  privateKey: |
    in-the-block
  args:
    - --one
    - --two
    # ::error::comment \u{1b}[31m \u{202e}txt.exe
    - --three
";

const TEMPLATE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ui
spec:
  replicas: {{ .Values.ui.replicas }}
";

const LIVE: &str = "kind: Secret\ndata:\n  key: in-the-live-secret\nmetadata:\n  name: db\n";

/// Runs a test on the sample, without colours and 100 columns wide.
pub(super) fn with_sample(test: impl FnOnce(&Report<'_>, &Options<'_>)) {
    with_options(|options| {
        let files = SourceFiles::new();
        let report = sample(&files);
        test(&report, options);
    });
}

/// The options of the sample: secret keys by name, and one learned text.
pub(super) fn with_options(test: impl FnOnce(&Options<'_>)) {
    let is_secret_key = |key: &str| {
        let key = key.to_lowercase();
        key.contains("password") || key.contains("privatekey")
    };
    let redact = |text: &str| text.replace("hunter2", "(hidden)");
    let secrets = Secrets {
        is_secret_key: &is_secret_key,
        redact: &redact,
    };
    test(&Options {
        colour: false,
        width: 100,
        secrets,
    });
}

/// A report of nothing: one environment, checked and clean.
pub(super) fn clean(files: &SourceFiles) -> Report<'_> {
    Report {
        environments: vec![environment("prod-eu", true)],
        findings: Vec::new(),
        changes: Vec::new(),
        problems: Vec::new(),
        unchecked: Vec::new(),
        rules: vec![rule("pdb-missing", Severity::Error)],
        counts: Counts::default(),
        files,
    }
}

/// A finding that differs from its neighbours by a number only.
pub(super) fn numbered(number: usize, severity: Severity, place: Place) -> ReportedFinding {
    let mut reported = finding(
        "replicas-below-minimum",
        severity,
        &format!("ui-{number}"),
        label(place, PlaceKind::Value),
    );
    reported.fingerprint = format!("{number:016x}");
    reported
}

/// The files of the sample.
pub(super) struct Files {
    pub(super) overlay: FileId,
    pub(super) template: FileId,
    pub(super) live: FileId,
}

impl Files {
    pub(super) fn add(files: &SourceFiles) -> Self {
        Self {
            overlay: files.add("values/prod-eu.yaml", FileKind::Values, OVERLAY.as_bytes()),
            template: files.add(
                "charts/my ui%/templates/_ui.yaml",
                FileKind::Template,
                TEMPLATE.as_bytes(),
            ),
            live: files.add("live/prod.yaml", FileKind::Live, LIVE.as_bytes()),
        }
    }
}

/// The place of the first occurrence of a text in a file.
pub(super) fn at(files: &SourceFiles, file: FileId, text: &str) -> Place {
    let content = String::from_utf8(files.get(file).text.to_vec()).unwrap();
    let start = content.find(text).unwrap();
    Place::File(Span::new(file, start, start + text.len()))
}

pub(super) fn label(place: Place, kind: PlaceKind) -> Label {
    Label {
        place,
        kind,
        message: String::new(),
        value: None,
    }
}

fn noted(place: Place, kind: PlaceKind, message: &str) -> Label {
    Label {
        message: message.to_owned(),
        ..label(place, kind)
    }
}

fn sample(files: &SourceFiles) -> Report<'_> {
    let ids = Files::add(files);
    let mut findings = vec![
        shared_by_environments(files, &ids),
        multi_line(files, &ids),
        on_a_flag(files, &ids),
        on_a_secret_flag(),
        hostile(files, &ids),
        beside_a_secret(files, &ids),
        without_object(files, &ids),
        allowed(files, &ids),
    ];
    let place = at(files, ids.overlay, "replicas: 3");
    findings.extend((0..30).map(|number| numbered(number, Severity::Info, place.clone())));
    Report {
        environments: vec![
            environment("prod-eu", true),
            environment("prod-us", true),
            environment("stage", false),
        ],
        findings,
        changes: changes(files, &ids),
        problems: problems(files, &ids),
        unchecked: unchecked(),
        rules: vec![
            rule("pdb-missing", Severity::Error),
            rule("image-tag-mutable", Severity::Warning),
            rule("replicas-below-minimum", Severity::Info),
            rule("skew-kubelet", Severity::Error),
        ],
        counts: Counts {
            error: 4,
            warning: 2,
            info: 31,
            allowed: 1,
            create: 1,
            update: 2,
            replace: 1,
            delete: 1,
        },
        files,
    }
}

fn environment(name: &str, checked: bool) -> EnvironmentSummary {
    EnvironmentSummary {
        name: name.to_owned(),
        release: "kmetal".to_owned(),
        namespace: "flux".to_owned(),
        chart: checked.then(|| ("kmetal".to_owned(), "1.4.0".to_owned())),
        checked,
    }
}

fn rule(id: &'static str, severity: Severity) -> RuleSummary {
    RuleSummary {
        id: id.into(),
        severity,
        summary: format!("summary of {id}"),
        docs: format!("## What it checks\nWhat `{id}` checks.\n"),
    }
}

fn object(kind: &str, name: &str) -> ResourceId {
    let group = if kind == "Secret" { "" } else { "apps" };
    let namespace = Some("flux".to_owned());
    ResourceId {
        group: group.to_owned(),
        kind: kind.to_owned(),
        namespace,
        name: name.to_owned(),
    }
}

fn finding(rule: &'static str, severity: Severity, name: &str, primary: Label) -> ReportedFinding {
    let finding = Finding {
        rule: rule.into(),
        severity,
        resource: Some(object("Deployment", name)),
        field: "spec.replicas".to_owned(),
        message: format!("`{name}` could be better"),
        help: None,
        primary,
        related: Vec::new(),
    };
    let environments = vec!["prod-eu".to_owned()];
    ReportedFinding {
        finding,
        environments,
        fingerprint: format!("{rule}-{name}"),
        allowed: None,
    }
}

fn shared_by_environments(files: &SourceFiles, ids: &Files) -> ReportedFinding {
    let primary = label(at(files, ids.overlay, "replicas: 3"), PlaceKind::Value);
    let mut reported = finding("pdb-missing", Severity::Error, "ui", primary);
    reported.environments = ["prod-eu", "prod-us", "stage"].map(str::to_owned).to_vec();
    reported.finding.message = "`ui` has 3 replicas and no PodDisruptionBudget".to_owned();
    reported.finding.help = Some("set `ui.podDisruptionBudget.enabled`".to_owned());
    reported.finding.related = vec![
        noted(
            at(files, ids.overlay, "podDisruptionBudget: null"),
            PlaceKind::Value,
            "this removed the budget",
        ),
        noted(
            at(files, ids.template, "replicas: {{ .Values.ui.replicas }}"),
            PlaceKind::Template,
            "rendered here",
        ),
    ];
    reported
}

fn multi_line(files: &SourceFiles, ids: &Files) -> ReportedFinding {
    let span = "args:\n    - --one\n    - --two\n";
    let mut reported = finding(
        "image-tag-mutable",
        Severity::Warning,
        "ui",
        label(at(files, ids.overlay, span), PlaceKind::Value),
    );
    reported.finding.message = "a place of several lines".to_owned();
    reported
}

fn on_a_flag(files: &SourceFiles, ids: &Files) -> ReportedFinding {
    let flag = Place::Flag {
        text: "--set image.tag=latest".into(),
    };
    let mut reported = finding(
        "image-tag-mutable",
        Severity::Error,
        "flagged",
        label(flag, PlaceKind::Set),
    );
    reported.finding.primary.value = Some(ValuePath::default().key("image").key("tag"));
    reported.finding.help = Some("pin a digest".to_owned());
    let template = at(files, ids.template, "kind: Deployment");
    reported.finding.related = vec![noted(template, PlaceKind::Template, "used here")];
    reported
}

fn on_a_secret_flag() -> ReportedFinding {
    let flag = Place::Flag {
        text: "--set a=1,db.password=on-the-flag".into(),
    };
    let mut reported = finding(
        "pdb-missing",
        Severity::Error,
        "secret-flag",
        label(flag, PlaceKind::Set),
    );
    reported.finding.message = "set by `--set a=1,db.password=on-the-flag`".to_owned();
    reported
}

fn hostile(files: &SourceFiles, ids: &Files) -> ReportedFinding {
    let primary = noted(
        at(files, ids.overlay, "- --three"),
        PlaceKind::Value,
        HOSTILE,
    );
    let mut reported = finding(
        "image-tag-mutable",
        Severity::Warning,
        "evil\n::error::name|`",
        primary,
    );
    reported.finding.message = format!("{HOSTILE} hunter2");
    reported.finding.help = Some(format!("::error::help\n::error::more {HOSTILE}"));
    reported
}

fn beside_a_secret(files: &SourceFiles, ids: &Files) -> ReportedFinding {
    let primary = label(
        at(files, ids.overlay, "password: from-the-file"),
        PlaceKind::Value,
    );
    let mut reported = finding("pdb-missing", Severity::Error, "secret", primary);
    let live = at(files, ids.live, "key: in-the-live-secret");
    reported.finding.related = vec![noted(live, PlaceKind::Live, "live")];
    reported
}

fn without_object(files: &SourceFiles, ids: &Files) -> ReportedFinding {
    let primary = label(
        at(files, ids.overlay, "größe: \"für ü\""),
        PlaceKind::Config,
    );
    let mut reported = finding("allow-unused", Severity::Info, "none", primary);
    reported.finding.resource = None;
    reported.finding.field = String::new();
    reported.finding.message = "this allowance matches nothing".to_owned();
    reported
}

fn allowed(files: &SourceFiles, ids: &Files) -> ReportedFinding {
    let primary = label(at(files, ids.overlay, "ui:"), PlaceKind::Value);
    let mut reported = finding("pdb-missing", Severity::Error, "allowed", primary);
    reported.allowed = Some(Allowed {
        by: "config".to_owned(),
        reason: "internal | page @team".to_owned(),
    });
    reported
}
