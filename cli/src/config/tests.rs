//! Whole files in, types or errors out.

use super::*;
use source::FileKind;

const RULES: &[&str] = &[
    "pdb-missing",
    "pdb-single-replica",
    "image-digest-missing",
    "backup-stale",
];

fn read_text(text: &str) -> Result<Config, Vec<String>> {
    let files = SourceFiles::new();
    let file = files.add("keelcheck.yaml", FileKind::Config, text.as_bytes());
    read(file, text.as_bytes(), &files, RULES).map_err(|errors| {
        let line = |error: &ConfigError| match &error.place {
            Place::File(span) => files.get(span.file).line_column(span.start).line,
            Place::Flag { .. } => 0,
        };
        errors
            .iter()
            .map(|error| format!("{}: {}", line(error), error.message))
            .collect()
    })
}

fn good(text: &str) -> Config {
    match read_text(text) {
        Ok(config) => config,
        Err(errors) => panic!("{errors:#?}"),
    }
}

fn text_at<'t>(text: &'t str, place: &Place) -> &'t str {
    let Place::File(span) = place else {
        panic!("a place in the file")
    };
    &text[span.start as usize..span.end as usize]
}

const WHOLE: &str = r#"version: 1
defaults:
  kubernetes: {current: "1.33.4", target: "1.34.0"}
environments:
  prod-eu:
    chart: charts/kmetal
    release: kmetal
    namespace: kmetal-flux
    values: [values/common.yaml, "values/prod,eu.yaml"]
    set: {image.tag: "1.2.3", replicas: 3, debug: off}
    apiVersions: [monitoring.coreos.com/v1]
    kubernetes: {target: v1.35}
    live: live/prod-eu/manifest.yaml
    liveHooks: live/prod-eu/hooks.yaml
    capture: [live/prod-eu/cluster.json]
    evidence: evidence/prod-eu/*
    includeCrds: true
    isUpgrade: yes
    skipSchemaValidation: true
    helmVersion: 3
  dev:
    chart: charts/kmetal
rules:
  pdb-missing: {severity: error}
  image-digest-missing: off
  pdb-single-replica: warning
  backup-stale: {settings: {layers: {platform: 15m, persistent-data: 1h}}}
allow:
  - {rule: pdb-single-replica, resource: PodDisruptionBudget/kmetal-flux/ui, reason: internal page, until: 2027-01-31}
  - rule: allow-unused
    reason: " kept for the next release "
packs: [policies/*.yaml, policies/*.rego]
failOn: never
"#;

#[test]
fn environments_come_in_the_order_of_the_file_with_defaults() {
    let config = good(WHOLE);
    let names: Vec<&str> = config
        .environments
        .iter()
        .map(|environment| environment.name.as_str())
        .collect();
    assert_eq!(names, ["prod-eu", "dev"]);
    let [prod, dev] = &config.environments[..] else {
        panic!("two environments")
    };
    assert_eq!(prod.chart, "charts/kmetal");
    assert_eq!(prod.release.as_deref(), Some("kmetal"));
    assert_eq!(prod.namespace.as_deref(), Some("kmetal-flux"));
    assert_eq!(prod.values, ["values/common.yaml", "values/prod,eu.yaml"]);
    assert_eq!(prod.api_versions, ["monitoring.coreos.com/v1"]);
    assert_eq!(prod.live.as_deref(), Some("live/prod-eu/manifest.yaml"));
    assert_eq!(prod.live_hooks.as_deref(), Some("live/prod-eu/hooks.yaml"));
    assert_eq!(prod.capture, ["live/prod-eu/cluster.json"]);
    assert_eq!(prod.evidence, ["evidence/prod-eu/*"]);
    assert!(prod.include_crds && prod.is_upgrade && prod.skip_schema_validation);
    assert_eq!(prod.helm_version.as_deref(), Some("3"));
    let versions = |current: &str, target: &str| KubernetesConfig {
        current: Some(current.to_owned()),
        target: Some(target.to_owned()),
    };
    assert_eq!(prod.kubernetes, versions("1.33.4", "v1.35"));
    assert_eq!(dev.kubernetes, versions("1.33.4", "1.34.0"));
    assert_eq!(config.defaults, versions("1.33.4", "1.34.0"));
    assert!(dev.release.is_none() && dev.values.is_empty() && dev.helm_version.is_none());
    assert!(!dev.include_crds && !dev.is_upgrade && !dev.skip_schema_validation);
}

#[test]
fn set_keeps_order_types_and_places() {
    let config = good(WHOLE);
    let set: Vec<(&str, &Value, &str)> = config.environments[0]
        .set
        .iter()
        .map(|set| (set.path.as_str(), &set.value, text_at(WHOLE, &set.place)))
        .collect();
    assert_eq!(
        set,
        [
            ("image.tag", &Value::from("1.2.3"), "image.tag: \"1.2.3\""),
            ("replicas", &Value::Int(3), "replicas: 3"),
            ("debug", &Value::Bool(false), "debug: off"),
        ]
    );
}

#[test]
fn rules_are_switched_off_by_yaml_false_and_take_severities_and_settings() {
    let config = good(WHOLE);
    let rule = |id: &str| &config.rules[id];
    assert_eq!(rule("pdb-missing").severity, Some(Severity::Error));
    assert_eq!(rule("pdb-single-replica").severity, Some(Severity::Warning));
    assert!(rule("pdb-missing").enabled && !rule("image-digest-missing").enabled);
    let backup = rule("backup-stale");
    assert_eq!(text_at(WHOLE, &backup.place), "backup-stale");
    assert_eq!(text_at(WHOLE, &backup.setting_places["layers"]), "layers");
    let settings = backup.settings.as_ref().expect("settings");
    assert_eq!(
        settings.at(&["layers", "platform"]),
        Some(&Value::from("15m"))
    );
    assert!(backup.enabled && backup.severity.is_none());
}

#[test]
fn every_way_of_switching_a_rule_is_understood() {
    for (value, enabled, severity) in [
        ("off", false, None),
        ("'off'", false, None),
        ("false", false, None),
        ("no", false, None),
        ("on", true, None),
        ("true", true, None),
        ("", true, None),
        ("info", true, Some(Severity::Info)),
        ("{severity: off}", false, None),
        ("{severity: warning}", true, Some(Severity::Warning)),
        ("{}", true, None),
    ] {
        let config = good(&format!("rules:\n  pdb-missing: {value}\n"));
        let rule = &config.rules["pdb-missing"];
        assert_eq!(
            (rule.enabled, rule.severity),
            (enabled, severity),
            "{value:?}"
        );
    }
}

#[test]
fn allowances_have_reason_day_and_place() {
    let config = good(WHOLE);
    let [first, second] = &config.allow[..] else {
        panic!("two allowances")
    };
    assert_eq!(first.rule, "pdb-single-replica");
    assert_eq!(
        first.resource.as_deref(),
        Some("PodDisruptionBudget/kmetal-flux/ui")
    );
    assert_eq!(first.reason, "internal page");
    assert_eq!(first.until, Some(jiff::civil::date(2027, 1, 31)));
    assert!(text_at(WHOLE, &first.place).starts_with("{rule: pdb-single-replica"));
    assert_eq!(second.reason, "kept for the next release");
    assert!(second.resource.is_none() && second.until.is_none());
    assert!(text_at(WHOLE, &second.place).starts_with("rule: allow-unused"));
}

#[test]
fn what_fails_a_check_and_the_packs_are_read() {
    let config = good(WHOLE);
    assert_eq!(config.packs, ["policies/*.yaml", "policies/*.rego"]);
    assert_eq!(config.fail_on, Some(None));
    for (text, expected) in [
        ("failOn: warning", Some(Some(Severity::Warning))),
        ("failOn: never", Some(None)),
        ("version: 1", None),
        ("", None),
        ("# nothing\n", None),
        ("---\n", None),
    ] {
        assert_eq!(good(text).fail_on, expected, "{text:?}");
    }
}

#[test]
fn unquoted_versions_are_taken_as_they_are_written() {
    let config = good("defaults: {kubernetes: {current: 1.30, target: 1.31}}\n");
    assert_eq!(config.defaults.current.as_deref(), Some("1.30"));
}

#[test]
fn anchors_and_merge_keys_work() {
    let text = "\
environments:
  a: &base
    chart: charts/a
    values: [common.yaml]
  c:
    <<: *base
    release: c
  b: *base
";
    let config = good(text);
    let found: Vec<_> = config
        .environments
        .iter()
        .map(|environment| {
            (
                environment.name.as_str(),
                environment.chart.as_str(),
                environment.release.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("a", "charts/a", None),
            ("c", "charts/a", Some("c")),
            ("b", "charts/a", None)
        ]
    );
}

#[test]
fn rules_of_packs_are_not_known_yet() {
    let config = good("rules: {team-label: error}\npacks: [policies/team.yaml]\n");
    assert!(config.rules.contains_key("team-label"));
}

#[test]
fn all_errors_are_said_at_once_in_the_order_of_the_file() {
    let text = "\
version: 2
environment: {}
environments:
  prod:
    chrat: charts/a
    values: {a: 1}
    set: {a: [1]}
    kubernetes: {target: latest, curent: 1.33}
    isUpgrade: maybe
    helmVersion: 5
    live: on
  prod:
    chart: charts/b
rules:
  pdb-mising: off
  pdb-missing: {severity: fatal, setings: {}}
  backup-stale: {settings: 3}
allow:
  - {rule: pdb-missing, resource: ui}
  - {rule: image-digest, reason: ''}
  - {reason: why, until: 2027-13-01}
  - pdb-missing
failOn: warnings
";
    let errors = read_text(text).expect_err("errors");
    assert_eq!(
        errors,
        [
            "1: `version` must be 1, the only version of keelcheck.yaml",
            "2: top level: unknown key `environment`; did you mean `environments`?",
            "4: environment `prod` has no `chart`",
            "5: environment `prod`: unknown key `chrat`; did you mean `chart`?",
            "6: environment `prod`: `values` must be a list of strings, not a mapping",
            "7: environment `prod`: `set`: `a` must be a scalar, not a list",
            "8: environment `prod`: `kubernetes`: `target` is `latest`, and that is no Kubernetes version",
            "8: environment `prod`: `kubernetes`: unknown key `curent`; did you mean `current`?",
            "9: environment `prod`: `isUpgrade` must be true or false, not a string",
            "10: environment `prod`: `helmVersion` is `5`: 4 or 3",
            "11: environment `prod`: `live` must be a string, and YAML reads on as a boolean",
            "12: environment `prod` is given twice",
            "15: unknown rule `pdb-mising`; did you mean `pdb-missing`?",
            "16: rule `pdb-missing`: severity `fatal` is none of error, warning, info and off",
            "16: rule `pdb-missing`: unknown key `setings`; did you mean `settings`?",
            "17: rule `backup-stale`: `settings` must be a mapping, not a number",
            "19: an entry of `allow` has no `reason`",
            "19: `resource` is `ui`: Kind/namespace/name, or Kind/name if it is cluster-scoped",
            "20: unknown rule `image-digest`",
            "20: `reason` is empty",
            "21: an entry of `allow` has no `rule`",
            "21: `until` is `2027-13-01`, and that is no date",
            "22: an entry of `allow` must be a mapping, not a string",
            "23: `failOn` is `warnings`: error, warning, info or never; did you mean `warning`?",
        ]
    );
}

#[test]
fn wrong_shapes_are_one_error_each() {
    for (text, expected) in [
        ("- a\n", "1: top level must be a mapping, not a list"),
        (
            "just text\n",
            "1: top level must be a mapping, not a string",
        ),
        (
            "environments: [a]\n",
            "1: `environments` must be a mapping, not a list",
        ),
        (
            "environments: {a: charts/a}\n",
            "1: environment `a` must be a mapping, not a string",
        ),
        ("environments:\n  a:\n", "2: environment `a` has no `chart`"),
        (
            "environments: {a: {chart: ''}}\n",
            "1: environment `a`: `chart` is empty",
        ),
        (
            "environments: {a: {chart: [b]}}\n",
            "1: environment `a`: `chart` must be a string, not a list",
        ),
        (
            "environments: {a: {chart: b, values: [[c]]}}\n",
            "1: an entry of environment `a`: `values` must be a string, not a list",
        ),
        (
            "rules: off\n",
            "1: `rules` must be a mapping, not a boolean",
        ),
        (
            "rules: {pdb-missing: [error]}\n",
            "1: rule `pdb-missing` must be a severity, `off` or a mapping, not a list",
        ),
        (
            "rules: {pdb-missing: 3}\n",
            "1: rule `pdb-missing`: severity `3` is none of error, warning, info and off",
        ),
        (
            "allow: {rule: pdb-missing}\n",
            "1: `allow` must be a list, not a mapping",
        ),
        (
            "packs: {a: b}\n",
            "1: top level: `packs` must be a list of strings, not a mapping",
        ),
        (
            "defaults: {kubernetes: 1.33}\n",
            "1: defaults: `kubernetes` must be a mapping, not a number",
        ),
        (
            "version: 1\nversion: 1\n",
            "2: key `version` is given twice",
        ),
        (
            "version: 1\n---\nversion: 1\n",
            "3: keelcheck.yaml is one document, and this is a second one",
        ),
        (
            "failOn: off\n",
            "1: `failOn` is `off`: error, warning, info or never",
        ),
    ] {
        assert_eq!(read_text(text).expect_err(text), [expected]);
    }
}

#[test]
fn text_that_is_no_yaml_is_one_error_on_its_line() {
    for (text, line) in [
        ("version: 1\nrules: {a: [}\n", 2),
        ("a: *nothing\n", 1),
        ("version: 1\n\tx: 1\n", 2),
    ] {
        let errors = read_text(text).expect_err(text);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(
            errors[0].starts_with(&format!("{line}: this is no YAML: ")),
            "{errors:?}"
        );
    }
}

#[test]
fn hostile_texts_are_refused_quickly() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let alias = format!("*a{}, ", level - 1).repeat(10);
        bomb.push_str(&format!(
            "a{level}: &a{level} [{}]\n",
            alias.trim_end_matches(", ")
        ));
    }
    let deep = "[".repeat(5_000);
    for text in [
        bomb.as_str(),
        deep.as_str(),
        "? {a: b}\n: c\n",
        "\u{feff}version: 3\n",
        "1: 2\n",
    ] {
        assert!(read_text(text).is_err(), "{text:.40}");
    }
}
