//! What the sample changes, what failed in it, and what could not be checked.

use super::super::model::{ReportedChange, ReportedProblem, ReportedUnchecked};
use super::{Files, at, object};
use livediff::{Action, Change, FieldChange, FieldValue, Verdict};
use manifest::ResourceId;
use source::{Place, Problem, SourceFiles};

pub(super) fn changes(files: &SourceFiles, ids: &Files) -> Vec<ReportedChange> {
    let cause = at(files, ids.overlay, "replicas: 3");
    let flag = Place::Flag {
        text: "--set db.password=on-the-flag".into(),
    };
    let scalar = |value: yaml::Value| FieldValue::Scalar(value);
    let replicas = field(
        "spec.replicas",
        scalar(yaml::Value::Float(3.0)),
        scalar(yaml::Value::Int(1)),
    );
    let mut name = field(
        "spec.serviceName",
        scalar("a|b".into()),
        scalar("hunter2 @team".into()),
    );
    name.verdict = Verdict::Refused;
    let mut checksum = field(
        "metadata.annotations.checksum/config",
        scalar("a".into()),
        scalar("b\n".into()),
    );
    checksum.noise = Some("checksum".to_owned());
    let secret = field("data.key", FieldValue::Hidden, FieldValue::Hidden);
    let mut unknown = field(
        "spec.size",
        FieldValue::Absent,
        scalar(yaml::Value::Bool(true)),
    );
    unknown.verdict = Verdict::Unknown;
    let many = (0..12)
        .map(|index| {
            field(
                &format!("data.k{index}"),
                FieldValue::Absent,
                scalar("v".into()),
            )
        })
        .collect();
    let mut renamed = change(Action::Rename, object("Deployment", "new"), Vec::new());
    renamed.from = Some(object("Deployment", "old"));
    let mut hook = change(Action::Update, object("Job", "migrate"), vec![checksum]);
    hook.hook = true;
    hook.noise = Some("only a checksum".to_owned());
    vec![
        reported(
            "prod-eu",
            change(
                Action::Update,
                object("Deployment", "ui"),
                vec![replicas, unknown],
            ),
            vec![Some(cause), None],
        ),
        reported(
            "prod-eu",
            change(
                Action::Replace,
                object("StatefulSet", "db"),
                vec![name, secret],
            ),
            vec![Some(flag)],
        ),
        reported(
            "prod-eu",
            change(Action::Create, object("ConfigMap", "more"), many),
            Vec::new(),
        ),
        reported("prod-us", renamed, Vec::new()),
        reported("prod-us", hook, Vec::new()),
        reported(
            "prod-us",
            change(Action::Delete, object("Secret", "gone"), Vec::new()),
            Vec::new(),
        ),
    ]
}

fn field(path: &str, before: FieldValue, after: FieldValue) -> FieldChange {
    FieldChange {
        path: path.to_owned(),
        before,
        after,
        verdict: Verdict::Allowed,
        noise: None,
    }
}

fn change(action: Action, resource: ResourceId, fields: Vec<FieldChange>) -> Change {
    Change {
        resource,
        from: None,
        action,
        fields,
        hook: false,
        noise: None,
        desired: None,
        live: None,
    }
}

fn reported(environment: &str, change: Change, causes: Vec<Option<Place>>) -> ReportedChange {
    ReportedChange {
        environment: environment.to_owned(),
        change,
        causes,
    }
}

pub(super) fn problems(files: &SourceFiles, ids: &Files) -> Vec<ReportedProblem> {
    let template = at(files, ids.template, "{{ .Values.ui.replicas }}");
    let overlay = at(files, ids.overlay, "ui:");
    let failed = Problem::new(
        "template: ui.yaml:6:13: nil pointer evaluating\n::error::owned hunter2 </details> @team",
    )
    .at(template)
    .with_help("give `ui` a map")
    .note(overlay, "`ui` is set here");
    let flag = Place::Flag {
        text: "--set-json db={\"password\": \"on-the-flag\"".into(),
    };
    vec![
        ReportedProblem {
            environment: Some("stage".to_owned()),
            problem: failed,
        },
        ReportedProblem {
            environment: None,
            problem: Problem::new("`--set-json db={\"password\": \"on-the-flag\"` is no JSON")
                .at(flag),
        },
        ReportedProblem {
            environment: None,
            problem: Problem::new("capture `live/none.json` is empty"),
        },
    ]
}

pub(super) fn unchecked() -> Vec<ReportedUnchecked> {
    let unchecked = |environment: &str| ReportedUnchecked {
        rule: "skew-kubelet".into(),
        environment: environment.to_owned(),
        reason: "no cluster capture was given (`--capture`)".to_owned(),
    };
    vec![unchecked("prod-eu"), unchecked("prod-us")]
}
