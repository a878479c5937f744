//! One environment from its plan to its findings: render, compare, collect facts, ask the rules.

use crate::live::{self, Live};
use crate::load::{Inputs, Origin, Revision, printed};
use crate::objects::{self, Rendered};
use crate::plan::EnvironmentPlan;
use crate::render::{Charts, Purpose, render};
use crate::report::model::{EnvironmentSummary, ReportedChange};
use chart::{Compiled, Release};
use livediff::{Change, CompareOptions};
use manifest::{KubeVersion, Object, Provenance, Redactor, ResourceId, primary_place};
use policies::cluster::{CaptureFile, Cluster};
use policies::evidence::{Evidence, EvidenceFile, read_evidence};
use policies::{
    ChartFacts, Facts, Finding, Findings, Label, LiveFacts, ReleaseFacts, Rule, RuleId, Severity,
    Unchecked,
};
use source::{FileId, FileKind, Place, Problem, SourceFiles};
use std::collections::BTreeMap;

/// What all environments of a run share.
pub(crate) struct Run<'a> {
    pub(crate) files: &'a SourceFiles,
    pub(crate) charts: Charts,
    pub(crate) inputs: Inputs,
    pub(crate) revision: Option<Revision>,
    /// The rules that run, with the severity that the configuration gives them.
    pub(crate) rules: Vec<(Box<dyn Rule>, Severity)>,
    /// Seconds since the Unix epoch.
    pub(crate) now: i64,
}

/// What came of one environment.
pub(crate) struct Outcome {
    pub(crate) summary: EnvironmentSummary,
    pub(crate) findings: Vec<Finding>,
    pub(crate) changes: Vec<ReportedChange>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) unchecked: Vec<Unchecked>,
    /// The annotation `keelcheck.dev/allow` of each object that has one.
    pub(crate) annotations: BTreeMap<ResourceId, String>,
    /// Where these annotations stand.
    pub(crate) annotation_places: BTreeMap<ResourceId, Label>,
    pub(crate) rules_ran: Vec<RuleId>,
    /// The values files, whose comments may allow.
    pub(crate) value_files: Vec<FileId>,
    pub(crate) redactor: Redactor,
    /// Warnings for standard error.
    pub(crate) warnings: Vec<String>,
}

/// The annotation that allows a finding on its object.
const ALLOW_ANNOTATION: &str = "keelcheck.dev/allow";

/// Everything of an environment, rendered and read.
pub(crate) struct Prepared {
    pub(crate) compiled: std::sync::Arc<Compiled>,
    pub(crate) release: Release,
    pub(crate) rendered: Rendered,
    pub(crate) live: Option<Live>,
    pub(crate) changes: Option<Vec<Change>>,
}

/// Checks one environment. Whatever fails becomes a problem of its own; the rest still runs where it can.
pub(crate) fn check(plan: &EnvironmentPlan, run: &Run<'_>) -> Outcome {
    let mut outcome = Outcome {
        summary: EnvironmentSummary {
            name: plan.name.clone(),
            release: plan.release.clone(),
            namespace: plan.namespace.clone(),
            chart: None,
            checked: false,
        },
        findings: Vec::new(),
        changes: Vec::new(),
        problems: Vec::new(),
        unchecked: Vec::new(),
        annotations: BTreeMap::new(),
        annotation_places: BTreeMap::new(),
        rules_ran: Vec::new(),
        value_files: Vec::new(),
        redactor: Redactor::default(),
        warnings: Vec::new(),
    };
    let (cluster, evidence) = read_facts(plan, run, &mut outcome.problems);
    let (current, target) = match versions(plan, cluster.as_ref()) {
        Ok(versions) => versions,
        Err(problem) => {
            outcome.problems.push(problem);
            return outcome;
        }
    };
    let mut plan = plan.clone();
    // What the templates see is the cluster after the upgrade, unless it is said otherwise.
    let seen = target
        .as_ref()
        .or(current.as_ref())
        .map(ToString::to_string);
    plan.kube_version = plan.kube_version.or(seen);
    let prepared = match prepare(&plan, run, target, &mut outcome.redactor) {
        Ok(prepared) => prepared,
        Err(problem) => {
            outcome.problems.push(problem);
            return outcome;
        }
    };
    let chart = prepared.compiled.chart();
    outcome.summary.chart = Some((chart.name().to_owned(), chart.version().to_owned()));
    outcome
        .problems
        .extend(prepared.rendered.problems.iter().cloned());
    outcome.annotations = annotations(&prepared.rendered.objects);
    let provenance = Provenance {
        tables: &prepared.release.tables,
        origins: &prepared.release.origins,
        files: run.files,
    };
    outcome.annotation_places = annotation_places(&prepared.rendered.objects, &provenance);
    outcome.value_files = value_files(&provenance);
    if let Some(live) = &prepared.live {
        outcome.problems.extend(live.problems.iter().cloned());
        outcome
            .warnings
            .extend(foreign(&plan, live, &prepared.rendered.objects));
    }
    if let Some(changes) = &prepared.changes {
        outcome.changes = changes
            .iter()
            .map(|change| reported(&plan.name, change, &prepared.rendered.objects, &provenance))
            .collect();
    }
    let facts = Facts {
        release: ReleaseFacts {
            name: plan.release.clone(),
            namespace: plan.namespace.clone(),
        },
        chart: chart_facts(&prepared.compiled),
        rendered: &prepared.rendered.objects,
        live: prepared
            .live
            .as_ref()
            .filter(|live| !live.unreadable)
            .map(|live| LiveFacts {
                objects: &live.objects,
                status: live.status.clone(),
                status_place: live.status_place.clone(),
                chart_version: live.chart_version.clone(),
                from_revision: live.from_revision,
            }),
        changes: prepared.changes.as_deref(),
        cluster: cluster.as_ref(),
        evidence: evidence.as_deref(),
        current,
        target,
        target_place: plan.target_place.clone(),
        now: run.now,
        provenance,
    };
    for (rule, severity) in &run.rules {
        let mut found = Findings::new(rule.meta(), *severity, &facts);
        rule.check(&facts, &mut found);
        outcome.findings.append(&mut found.findings);
        outcome.unchecked.append(&mut found.unchecked);
        outcome.rules_ran.push(rule.meta().id.clone());
    }
    outcome.summary.checked = outcome.problems.is_empty();
    outcome
}

/// Renders, reads the live side and compares.
pub(crate) fn prepare(
    plan: &EnvironmentPlan,
    run: &Run<'_>,
    target: Option<KubeVersion>,
    redactor: &mut Redactor,
) -> Result<Prepared, Problem> {
    let (compiled, release) = render(
        plan,
        Purpose::Judge,
        &Origin::Disk,
        &run.charts,
        &run.inputs,
        run.files,
    )
    .map_err(|error| *error.problem)?;
    let rendered = objects::read(&release, &plan.namespace, plan.include_crds);
    for object in &rendered.objects {
        redactor.learn(object);
    }
    let live = read_live(plan, run)?;
    for object in live.iter().flat_map(|live| &live.objects) {
        redactor.learn(object);
    }
    let changes = live.as_ref().map(|live| {
        if live.unreadable {
            return Vec::new();
        }
        let options = CompareOptions {
            target,
            definitions: rendered.definitions.iter().collect(),
            live_hooks: live.has_hooks,
            live_incomplete: live.incomplete,
            desired_incomplete: !rendered.problems.is_empty(),
        };
        livediff::compare(&rendered.objects, &live.objects, &options)
    });
    Ok(Prepared {
        compiled,
        release,
        rendered,
        live,
        changes,
    })
}

/// The live manifest, or the rendering of the base revision.
fn read_live(plan: &EnvironmentPlan, run: &Run<'_>) -> Result<Option<Live>, Problem> {
    if let Some(manifest) = &plan.live {
        let hooks = plan.live_hooks.as_deref();
        return Ok(Some(live::read(
            manifest,
            hooks,
            &plan.namespace,
            &run.inputs,
            run.files,
        )));
    }
    let Some(revision) = &run.revision else {
        return Ok(None);
    };
    let origin = Origin::Revision(revision);
    let (_, release) = render(
        plan,
        Purpose::Judge,
        &origin,
        &run.charts,
        &run.inputs,
        run.files,
    )
    .map_err(|error| {
        let mut problem = *error.problem;
        problem.message = format!("--base {}: {}", revision.name, problem.message);
        problem
    })?;
    let rendered = objects::read(&release, &plan.namespace, plan.include_crds);
    Ok(Some(Live {
        objects: rendered.objects,
        has_hooks: true,
        incomplete: !rendered.problems.is_empty(),
        from_revision: true,
        problems: rendered.problems,
        ..Live::default()
    }))
}

fn read_facts(
    plan: &EnvironmentPlan,
    run: &Run<'_>,
    problems: &mut Vec<Problem>,
) -> (Option<Cluster>, Option<Vec<Evidence>>) {
    let mut read = |names: &[String], flag: &str, kind: FileKind| {
        let mut texts = Vec::new();
        for name in names {
            match run.inputs.read(name, flag) {
                Ok(text) => {
                    let shown = if name == "-" {
                        "standard input".to_owned()
                    } else {
                        printed(name)
                    };
                    let file = run.files.add(shown.clone(), kind, text.clone());
                    texts.push((file, shown, text));
                }
                Err(message) => problems.push(Problem::new(message)),
            }
        }
        texts
    };
    let captures = read(&plan.captures, "--capture", FileKind::Live);
    let evidence = read(&plan.evidence, "--evidence", FileKind::Evidence);
    let cluster = (!captures.is_empty()).then(|| {
        let files: Vec<_> = captures
            .iter()
            .map(|(file, name, text)| CaptureFile {
                file: *file,
                name,
                text,
            })
            .collect();
        let (cluster, found) = Cluster::read(&files);
        problems.extend(found);
        cluster
    });
    let evidence = (!evidence.is_empty()).then(|| {
        let files: Vec<_> = evidence
            .iter()
            .map(|(file, name, text)| EvidenceFile {
                file: *file,
                name,
                text,
            })
            .collect();
        let (items, found) = read_evidence(&files);
        problems.extend(found);
        items
    });
    (cluster, evidence)
}

/// Kubernetes now and after: given, or the capture's; the target defaults to the current version.
fn versions(
    plan: &EnvironmentPlan,
    cluster: Option<&Cluster>,
) -> Result<(Option<KubeVersion>, Option<KubeVersion>), Problem> {
    let parse = |flag: &str, text: &Option<String>| {
        text.as_ref()
            .map(|text| {
                KubeVersion::parse(text)
                    .ok_or_else(|| Problem::new(format!("{flag} {text}: no Kubernetes version")))
            })
            .transpose()
    };
    let captured = cluster.and_then(|cluster| cluster.api_server_versions().into_iter().min());
    let current = parse("--current-version", &plan.current)?.or(captured);
    let target = parse("--target-version", &plan.target)?.or(current);
    Ok((current, target))
}

fn chart_facts(compiled: &Compiled) -> ChartFacts {
    let chart = compiled.chart();
    ChartFacts {
        name: chart.name().to_owned(),
        version: chart.version().to_owned(),
        app_version: None,
        kube_version: chart
            .kube_version()
            .map(|(constraint, span)| (constraint.to_owned(), span.map(Place::File))),
        version_place: chart.place("version").map(Place::File),
    }
}

fn annotations(objects: &[Object]) -> BTreeMap<ResourceId, String> {
    let annotated = objects.iter().filter_map(|object| {
        let text = object.annotation(ALLOW_ANNOTATION)?;
        Some((object.id.clone(), text.to_owned()))
    });
    annotated.collect()
}

fn annotation_places(
    objects: &[Object],
    provenance: &Provenance<'_>,
) -> BTreeMap<ResourceId, Label> {
    let path = manifest::FieldPath::keys(["metadata", "annotations", ALLOW_ANNOTATION]);
    let annotated = objects
        .iter()
        .filter(|object| object.annotation(ALLOW_ANNOTATION).is_some());
    let placed = annotated.filter_map(|object| {
        let blamed = primary_place(object, &path, provenance)?;
        let label = Label {
            place: blamed.place,
            kind: blamed.kind,
            message: String::new(),
            value: blamed.value,
        };
        Some((object.id.clone(), label))
    });
    placed.collect()
}

/// The values files of a rendering, each once.
fn value_files(provenance: &Provenance<'_>) -> Vec<FileId> {
    let mut files: Vec<FileId> = provenance
        .origins
        .iter()
        .filter_map(|(_, origin)| match &origin.place {
            Place::File(span) => Some(span.file),
            Place::Flag { .. } => None,
        })
        .filter(|file| provenance.files.get(*file).kind == FileKind::Values)
        .collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// A live manifest that shares nothing with the rendering is probably another release's.
pub(crate) fn foreign(plan: &EnvironmentPlan, live: &Live, rendered: &[Object]) -> Option<String> {
    if live.objects.is_empty() || rendered.is_empty() || live.from_revision {
        return None;
    }
    let known: std::collections::HashSet<&ResourceId> =
        rendered.iter().map(|object| &object.id).collect();
    let shared = live.objects.iter().any(|object| known.contains(&object.id));
    (!shared).then(|| {
        format!(
            "{}: the live manifest and the rendering have no object in common: it may be another release's",
            plan.name
        )
    })
}

/// A change with the place that caused each of its fields.
fn reported(
    environment: &str,
    change: &Change,
    rendered: &[Object],
    provenance: &Provenance<'_>,
) -> ReportedChange {
    let object = change.desired.and_then(|index| rendered.get(index));
    let causes = change
        .fields
        .iter()
        .map(|field| {
            let object = object?;
            let path = nearest_path(object, &field.path);
            primary_place(object, &path, provenance).map(|blamed| blamed.place)
        })
        .collect();
    ReportedChange {
        environment: environment.to_owned(),
        change: change.clone(),
        causes,
    }
}

/// The field itself, or the nearest container of it that the object has.
fn nearest_path(object: &Object, text: &str) -> manifest::FieldPath {
    let mut text = text;
    loop {
        let found = manifest::FieldPath::resolve(&object.root, object.group(), object.kind(), text);
        match (found, text.rfind('.')) {
            (Some(path), _) => return path,
            (None, Some(dot)) => text = &text[..dot],
            (None, None) => return manifest::FieldPath::default(),
        }
    }
}
