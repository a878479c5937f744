//! What allows findings, and what is said about allowances.

use super::*;

#[test]
fn a_comment_allows_on_its_own_line_and_for_its_own_rule_only() {
    let world = World::new();
    let overlay = world.overlay();
    let findings = vec![
        finding("few-replicas", "ui", world.at(overlay, "replicas: 1")),
        finding("few-replicas", "ui-2", world.at(overlay, "1 #")),
        finding("tag-mutable", "ui", world.at(overlay, "replicas: 1")),
        finding("tag-mutable", "ui", world.at(overlay, "tag: latest")),
        finding("tag-mutable", "ui", world.at(overlay, "pull")),
        finding(
            "few-replicas",
            "ui",
            world.at(overlay, "ui:\n  replicas: 1"),
        ),
    ];
    let triaged = world.triage(vec![outcome("prod", findings)]);
    assert_eq!(
        shown(&world, &triaged),
        [
            "few-replicas 1 -",
            "few-replicas 2 comment",
            "tag-mutable 2 -",
            "few-replicas 2 comment",
            "tag-mutable 3 -",
            "allow-unused 4 -",
            "tag-mutable 5 -",
        ]
    );
    let reason = triaged.findings[1]
        .allowed
        .as_ref()
        .map(|allowed| allowed.reason.as_str());
    assert_eq!(reason, Some("internal page"));
    assert_eq!(
        (
            triaged.counts.error,
            triaged.counts.warning,
            triaged.counts.allowed
        ),
        (4, 1, 2)
    );
}

#[test]
fn an_annotation_allows_on_its_object() {
    let world = World::new();
    let place = Place::Flag {
        text: "--set tag=latest".into(),
    };
    let findings = ["ui", "db"].map(|name| finding("tag-mutable", name, place.clone()));
    let mut prod = outcome("prod", findings.to_vec());
    prod.annotations.insert(
        resource("ui"),
        "few-replicas: no, tag-mutable: pinned by the mirror".to_owned(),
    );
    let triaged = world.triage(vec![prod]);
    let allowed: Vec<Option<Allowed>> = triaged
        .findings
        .iter()
        .map(|found| found.allowed.clone())
        .collect();
    let by_annotation = Allowed {
        by: "annotation".to_owned(),
        reason: "pinned by the mirror".to_owned(),
    };
    assert_eq!(allowed, [None, Some(by_annotation)]);
    assert_eq!(triaged.worst, Some(Severity::Error));
}

#[test]
fn an_annotation_that_matches_in_no_environment_is_unused_on_its_line() {
    let world = World::new();
    let template = world.add("t.yaml", "allow: 'tag-mutable: why, few-replicas: why'\n");
    let place = world.at(template, "allow");
    let label = Label {
        place: place.clone(),
        kind: PlaceKind::Template,
        message: String::new(),
        value: None,
    };
    let annotated = |name: &str, findings| {
        let mut outcome = outcome(name, findings);
        outcome.annotations.insert(
            resource("ui"),
            "tag-mutable: why, few-replicas: why".to_owned(),
        );
        outcome
            .annotation_places
            .insert(resource("ui"), label.clone());
        outcome
    };
    let found = finding("tag-mutable", "ui", place);
    let triaged = world.triage(vec![
        annotated("prod", vec![found]),
        annotated("dev", Vec::new()),
    ]);
    assert_eq!(
        shown(&world, &triaged),
        ["allow-unused 1 -", "tag-mutable 1 annotation"]
    );
    assert_eq!(triaged.findings[0].environments, ["prod", "dev"]);
    assert!(triaged.findings[0].finding.message.contains("few-replicas"));
}

#[test]
fn the_configuration_allows_by_rule_and_whole_resource() {
    let world = World::new();
    let config = world.files.add(
        "keelcheck.yaml",
        FileKind::Config,
        "- a\n- b\n- c\n- d\n".as_bytes(),
    );
    let overlay = world.overlay();
    let place = world.at(overlay, "tag");
    for (wanted, allows) in [
        (None, true),
        (Some("Deployment/flux/ui"), true),
        (Some("Deployment/ui"), false),
        (Some("Deployment/other/ui"), false),
        (Some("StatefulSet/flux/ui"), false),
        (Some("Deployment/flux/u"), false),
    ] {
        let allow = [allowance(
            "tag-mutable",
            wanted,
            None,
            world.at(config, "b"),
        )];
        let options = TriageOptions {
            allow: &allow,
            now: NOW,
            ..TriageOptions::default()
        };
        let input = vec![outcome(
            "prod",
            vec![finding("tag-mutable", "ui", place.clone())],
        )];
        let triaged = world.triage_with(input, &options);
        let found = |rule: &str| {
            triaged
                .findings
                .iter()
                .find(|found| found.finding.rule == rule)
        };
        let by = found("tag-mutable").and_then(|found| found.allowed.as_ref());
        assert_eq!(
            by.map(|allowed| allowed.by.as_str()),
            allows.then_some("config"),
            "{wanted:?}"
        );
        let on_config = |found: &&ReportedFinding| found.finding.primary.kind == PlaceKind::Config;
        let unused = triaged.findings.iter().find(on_config);
        let unused = unused.map(|found| {
            (
                world.line(&found.finding.primary.place),
                found.finding.resource.is_none(),
            )
        });
        assert_eq!(unused, (!allows).then_some((2, true)), "{wanted:?}");
    }
}

#[test]
fn the_narrowest_allowance_is_named_and_the_wider_ones_are_used_too() {
    let world = World::new();
    let overlay = world.add(
        "values.yaml",
        "replicas: 1 # keelcheck: allow(few-replicas): narrow\n",
    );
    let place = world.at(overlay, "replicas");
    let allow = [allowance("few-replicas", None, None, place.clone())];
    let options = TriageOptions {
        allow: &allow,
        now: NOW,
        ..TriageOptions::default()
    };
    let mut prod = outcome("prod", vec![finding("few-replicas", "ui", place)]);
    prod.annotations
        .insert(resource("ui"), "few-replicas: middle".to_owned());
    let triaged = world.triage_with(vec![prod], &options);
    assert_eq!(shown(&world, &triaged), ["few-replicas 1 comment"]);
    assert_eq!(triaged.worst, None);
}

#[test]
fn an_allowance_ends_with_its_last_day() {
    let world = World::new();
    let config = world
        .files
        .add("keelcheck.yaml", FileKind::Config, "allow\n".as_bytes());
    let until = Some(jiff::civil::date(2027, 1, 31));
    let allow = [allowance(
        "tag-mutable",
        None,
        until,
        world.at(config, "allow"),
    )];
    for (now, expected) in [
        (NOW - 30 * DAY, ["tag-mutable 0 config"].as_slice()),
        (NOW, &["tag-mutable 0 config"]),
        (NOW + DAY - 1, &["tag-mutable 0 config"]),
        (NOW + DAY, &["allow-expired 1 -", "tag-mutable 0 -"]),
    ] {
        let place = Place::Flag {
            text: "--set a=b".into(),
        };
        let options = TriageOptions {
            allow: &allow,
            now,
            ..TriageOptions::default()
        };
        let triaged = world.triage_with(
            vec![outcome("prod", vec![finding("tag-mutable", "ui", place)])],
            &options,
        );
        assert_eq!(shown(&world, &triaged), expected, "{now}");
    }
}

#[test]
fn an_expired_allowance_is_only_expired_even_where_its_rule_did_not_run() {
    let world = World::new();
    let config = world
        .files
        .add("keelcheck.yaml", FileKind::Config, "allow\n".as_bytes());
    let until = Some(jiff::civil::date(2026, 1, 31));
    let allow = [allowance("not-run", None, until, world.at(config, "allow"))];
    let options = TriageOptions {
        allow: &allow,
        now: NOW,
        ..TriageOptions::default()
    };
    let triaged = world.triage_with(vec![outcome("prod", Vec::new())], &options);
    assert_eq!(shown(&world, &triaged), ["allow-expired 1 -"]);
    let finding = &triaged.findings[0].finding;
    assert_eq!(
        (finding.severity, finding.primary.kind),
        (Severity::Warning, PlaceKind::Config)
    );
    assert_eq!(triaged.counts.warning, 1);
}

#[test]
fn unused_is_judged_only_where_the_rule_ran() {
    let world = World::new();
    let config = world
        .files
        .add("keelcheck.yaml", FileKind::Config, "allow\n".as_bytes());
    let place = world.at(config, "allow");
    let allow = [allowance("tag-mutable", None, None, place)];
    let options = TriageOptions {
        allow: &allow,
        now: NOW,
        ..TriageOptions::default()
    };
    let off = AllowanceSeverities {
        unused: None,
        expired: None,
    };
    let ran = || outcome("prod", Vec::new());
    let not_run = || EnvironmentOutcome {
        rules_ran: Vec::new(),
        ..outcome("dev", Vec::new())
    };
    let unchecked = || EnvironmentOutcome {
        unchecked: vec![Unchecked {
            rule: "tag-mutable".into(),
            reason: "no capture".to_owned(),
        }],
        ..outcome("stage", Vec::new())
    };
    let failed = || {
        let mut outcome = outcome("broken", Vec::new());
        outcome.summary.checked = false;
        outcome
    };
    let cases: [(&str, Vec<EnvironmentOutcome>, TriageOptions<'_>, &[&str]); 7] = [
        ("ran", vec![ran()], options, &["prod"]),
        (
            "ran in one",
            vec![not_run(), ran(), unchecked()],
            options,
            &["prod"],
        ),
        ("not run", vec![not_run()], options, &[]),
        ("unchecked", vec![unchecked()], options, &[]),
        ("one failed", vec![ran(), failed()], options, &[]),
        (
            "some environments",
            vec![ran()],
            TriageOptions {
                partial: true,
                ..options
            },
            &[],
        ),
        (
            "off",
            vec![ran()],
            TriageOptions {
                severities: off,
                ..options
            },
            &[],
        ),
    ];
    for (name, input, options, environments) in cases {
        let triaged = world.triage_with(input, &options);
        let found: Vec<&str> = triaged
            .findings
            .iter()
            .flat_map(|found| &found.environments)
            .map(String::as_str)
            .collect();
        assert_eq!(found, environments, "{name}");
    }
}

#[test]
fn comments_of_files_without_findings_are_judged_too() {
    let world = World::new();
    let text = "a: 1 # keelcheck: allow(tag-mutable): why\nb: 2 # keelcheck: allow tag-mutable\nc: 3 # keelcheck: allow(tag-mutabel): why\n";
    let with_file = |name: &str| EnvironmentOutcome {
        files: vec![world.add("v.yaml", text)],
        ..outcome(name, Vec::new())
    };
    let options = TriageOptions {
        known_rules: &["tag-mutable"],
        now: NOW,
        ..TriageOptions::default()
    };
    let triaged = world.triage_with(vec![with_file("prod"), with_file("dev")], &options);
    assert_eq!(
        shown(&world, &triaged),
        ["allow-unused 1 -", "allow-unused 2 -", "allow-unused 3 -"]
    );
    for found in &triaged.findings {
        assert_eq!(found.environments, ["prod", "dev"]);
        assert_eq!(found.finding.primary.kind, PlaceKind::Value);
    }
    assert!(
        triaged.findings[2]
            .finding
            .message
            .ends_with("did you mean `tag-mutable`?")
    );
}
