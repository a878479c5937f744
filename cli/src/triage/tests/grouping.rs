//! Grouping, order, fingerprints, baseline and counts.

use super::*;

#[test]
fn findings_of_several_environments_are_one_where_rule_resource_field_and_place_agree() {
    let world = World::new();
    // Each environment reads the shared overlay for itself.
    let (first, second) = (
        world.add("common.yaml", "tag: a\nn: 1\n"),
        world.add("common.yaml", "tag: a\nn: 1\n"),
    );
    let own = world.add("dev.yaml", "tag: a\nn: 1\n");
    let field = |mut finding: Finding| {
        finding.field = "spec.other".to_owned();
        finding
    };
    let at = |file| finding("tag-mutable", "ui", world.at(file, "tag"));
    let mut milder = at(first);
    milder.severity = Severity::Info;
    let triaged = world.triage(vec![
        outcome(
            "prod",
            vec![milder, finding("tag-mutable", "db", world.at(first, "tag"))],
        ),
        outcome(
            "dev",
            vec![
                at(second),
                at(own),
                field(at(second)),
                finding("few-replicas", "ui", world.at(second, "tag")),
            ],
        ),
    ]);
    let found: Vec<(String, String, String)> = triaged
        .findings
        .iter()
        .map(|found| {
            let finding = &found.finding;
            let name = finding
                .resource
                .as_ref()
                .map(|resource| resource.name.clone())
                .unwrap_or_default();
            (
                format!("{} {name} {}", finding.rule, finding.field),
                found.environments.join("+"),
                format!("{:?}", finding.severity),
            )
        })
        .collect();
    let expected = [
        ("tag-mutable db spec.replicas", "prod", "Error"),
        ("tag-mutable ui spec.replicas", "prod+dev", "Error"),
        ("few-replicas ui spec.replicas", "dev", "Error"),
        ("tag-mutable ui spec.other", "dev", "Error"),
        ("tag-mutable ui spec.replicas", "dev", "Error"),
    ]
    .map(|(about, environments, severity)| {
        (
            about.to_owned(),
            environments.to_owned(),
            severity.to_owned(),
        )
    });
    assert_eq!(found, expected);
}

#[test]
fn a_group_is_allowed_only_where_every_one_of_it_is() {
    let world = World::new();
    let place = Place::Flag {
        text: "--set tag=latest".into(),
    };
    let annotated = |name: &str, text: &str| {
        let mut outcome = outcome(name, vec![finding("tag-mutable", "ui", place.clone())]);
        outcome.annotations.insert(resource("ui"), text.to_owned());
        outcome
    };
    for (second, allowed) in [("tag-mutable: two", true), ("", false)] {
        let triaged = world.triage(vec![
            annotated("prod", "tag-mutable: one"),
            annotated("dev", second),
        ]);
        assert_eq!(triaged.findings.len(), 1);
        assert_eq!(triaged.findings[0].environments, ["prod", "dev"]);
        assert_eq!(triaged.findings[0].allowed.is_some(), allowed, "{second:?}");
    }
}

#[test]
fn two_messages_of_one_environment_about_one_place_are_both_kept() {
    let world = World::new();
    let place = Place::Flag {
        text: "--set a=b".into(),
    };
    let mut other = finding("tag-mutable", "ui", place.clone());
    other.message = "another container".to_owned();
    let triaged = world.triage(vec![outcome(
        "prod",
        vec![finding("tag-mutable", "ui", place), other],
    )]);
    assert_eq!(triaged.findings.len(), 1);
    assert_eq!(triaged.findings[0].environments, ["prod"]);
    assert_eq!(
        triaged.findings[0].finding.related[0].message,
        "another container"
    );
}

#[test]
fn order_is_by_environment_file_line_column_and_rule() {
    let world = World::new();
    let (b, a) = (
        world.add("b.yaml", "x: {y: 1}\nz: 2\n"),
        world.add("a.yaml", "x: 1\n"),
    );
    let flag = Place::Flag {
        text: "--set a=b".into(),
    };
    let triaged = world.triage(vec![
        outcome(
            "prod",
            vec![
                finding("r-5", "ui", flag),
                finding("r-4", "ui", world.at(b, "z")),
                finding("r-3", "ui", world.at(b, "y")),
                finding("r-2", "ui", world.at(b, "x")),
                finding("r-1", "ui", world.at(b, "x")),
            ],
        ),
        outcome("dev", vec![finding("r-6", "ui", world.at(a, "x"))]),
    ]);
    let rules: Vec<&str> = triaged
        .findings
        .iter()
        .map(|found| found.finding.rule.as_ref())
        .collect();
    assert_eq!(rules, ["r-1", "r-2", "r-3", "r-4", "r-5", "r-6"]);
}

#[test]
fn fingerprints_survive_moved_lines_and_tell_findings_apart() {
    let fingerprints = |text: &str| {
        let world = World::new();
        let file = world.add("v.yaml", text);
        let mut valued = finding("tag-mutable", "ui", world.at(file, "tag"));
        valued.primary.value = Some(ValuePath::default().key("tag"));
        let findings = vec![
            finding("tag-mutable", "ui", world.at(file, "tag")),
            finding("tag-mutable", "ui", world.at(file, "n: 1")),
            finding("few-replicas", "ui", world.at(file, "n: 1")),
            finding("few-replicas", "db", world.at(file, "n: 1")),
        ];
        // The same place twice would be one finding.
        let own = outcome(
            "dev",
            vec![Finding {
                field: "spec.x".to_owned(),
                ..valued
            }],
        );
        let triaged = world.triage(vec![outcome("prod", findings), own]);
        triaged
            .findings
            .into_iter()
            .map(|found| found.fingerprint)
            .collect::<Vec<String>>()
    };
    let before = fingerprints("tag: latest\nn: 1\n");
    assert_eq!(
        fingerprints("# moved\n\n\ntag: latest # and more\n\nn: 1\n"),
        before
    );
    let distinct: BTreeSet<&String> = before.iter().collect();
    assert_eq!(distinct.len(), 5);
    assert!(
        before
            .iter()
            .all(|text| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
    );
}

#[test]
fn a_flag_keeps_its_fingerprint_when_its_value_changes() {
    let fingerprint = |flag: &str| {
        let world = World::new();
        let place = Place::Flag { text: flag.into() };
        let triaged = world.triage(vec![outcome(
            "prod",
            vec![finding("tag-mutable", "ui", place)],
        )]);
        triaged.findings[0].fingerprint.clone()
    };
    assert_eq!(
        fingerprint("--set image.tag=1"),
        fingerprint("--set image.tag=2")
    );
    assert_ne!(
        fingerprint("--set image.tag=1"),
        fingerprint("--set ui.tag=1")
    );
}

#[test]
fn what_the_baseline_has_counts_nowhere_and_what_is_new_stays() {
    let world = World::new();
    let overlay = world.overlay();
    let input = |rules: &[&str]| {
        let findings = rules
            .iter()
            .map(|rule| finding(rule, "ui", world.at(overlay, "pull")));
        vec![outcome("prod", findings.collect())]
    };
    let options = TriageOptions {
        now: NOW,
        partial: true,
        ..TriageOptions::default()
    };
    let before = world.triage_with(input(&["r-a", "r-b"]), &options);
    let text = baseline::write(&before.findings);
    let baseline = baseline::read(&text).expect("what was written");
    let options = TriageOptions {
        baseline: Some(&baseline),
        ..options
    };
    let clean = world.triage_with(input(&["r-a", "r-b"]), &options);
    assert!(clean.findings.is_empty() && clean.known.len() == 2);
    assert_eq!((clean.counts, clean.worst), (Counts::default(), None));
    let after = world.triage_with(input(&["r-a", "r-c"]), &options);
    assert_eq!(shown(&world, &after), ["r-c 5 -"]);
    let again = baseline::write(after.findings.iter().chain(&after.known));
    assert_eq!(again.matches("\"fingerprint\"").count(), 2);
}

#[test]
fn changes_problems_and_what_is_unchecked_stay_with_their_environments() {
    let world = World::new();
    let change = |action| ReportedChange {
        environment: "prod".to_owned(),
        change: Change {
            resource: resource("ui"),
            from: None,
            action,
            fields: Vec::new(),
            hook: false,
            noise: None,
            desired: None,
            live: None,
        },
        causes: Vec::new(),
    };
    let actions = [
        Action::Create,
        Action::Update,
        Action::Update,
        Action::Replace,
        Action::Delete,
        Action::Rename,
    ];
    let mut prod = outcome("prod", Vec::new());
    prod.changes = actions.map(change).to_vec();
    prod.problems = vec![Problem::new("no chart")];
    let mut dev = outcome("dev", Vec::new());
    dev.problems = vec![Problem::new("no chart")];
    let unchecked = Unchecked {
        rule: "skew-kubelet".into(),
        reason: "no capture".to_owned(),
    };
    dev.unchecked = vec![unchecked.clone(), unchecked];
    let triaged = world.triage(vec![prod, dev]);
    let counts = triaged.counts;
    assert_eq!(
        (counts.create, counts.update, counts.replace, counts.delete),
        (1, 2, 1, 1)
    );
    assert_eq!(triaged.changes.len(), 6);
    let named: Vec<Option<&str>> = triaged
        .problems
        .iter()
        .map(|problem| problem.environment.as_deref())
        .collect();
    assert_eq!(named, [Some("prod"), Some("dev")]);
    assert_eq!(triaged.unchecked.len(), 1);
    assert_eq!(triaged.unchecked[0].environment, "dev");
    let names: Vec<&str> = triaged
        .environments
        .iter()
        .map(|summary| summary.name.as_str())
        .collect();
    assert_eq!(names, ["prod", "dev"]);
}
