//! `oracle race`: the binary and a real Helm on the same cases, in turn.

use crate::case::{Case, read_cases, read_expected};
use crate::{Options, Tally};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use wait4::Wait4 as _;

/// How often each command runs on a case; the median counts.
const RUNS: usize = 3;

/// What one run cost.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    /// user + system seconds
    cpu: f64,
    wall: f64,
    /// Peak resident memory in MiB.
    memory: f64,
}

/// Runs the cases that succeed and prints medians and ratios.
pub(crate) fn run(options: &Options) -> Result<Tally, String> {
    let helm = options.helm.clone().ok_or("race needs --helm PATH")?;
    let binary = match &options.binary {
        Some(path) => {
            std::fs::canonicalize(path).map_err(|error| format!("{}: {error}", path.display()))?
        }
        None => beside_us()?,
    };
    let expected = read_expected(&options.dir, "expected.jsonl")?;
    let cases = read_cases(&options.dir)?;
    let cases = cases.into_iter().filter(|case| options.wants(&case.id));
    let cases: Vec<Case> = cases
        .filter(|case| {
            expected
                .get(&case.id)
                .is_some_and(|answer| answer.exit == 0)
        })
        .collect();
    let cases = pick(cases, options.cases);
    println!(
        "{:<60} {:>9} {:>9} {:>7} {:>9} {:>9} {:>7}",
        "case", "cpu ms", "helm ms", "ratio", "MiB", "helm MiB", "ratio"
    );
    let mut tally = Tally::default();
    let (mut ratios, mut memory, mut wall) = (Vec::new(), Vec::new(), Vec::new());
    for case in &cases {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            ours.push(measure(&binary, "render", case, &options.dir)?);
            theirs.push(measure(&helm, "template", case, &options.dir)?);
        }
        let (ours, theirs) = (median_cost(&ours), median_cost(&theirs));
        let (cpu, mem) = (
            theirs.cpu / ours.cpu.max(1e-4),
            theirs.memory / ours.memory.max(1e-3),
        );
        println!(
            "{:<60} {:>9.1} {:>9.1} {:>6.1}x {:>9.1} {:>9.1} {:>6.1}x",
            case.id,
            ours.cpu * 1e3,
            theirs.cpu * 1e3,
            cpu,
            ours.memory,
            theirs.memory,
            mem
        );
        ratios.push(cpu);
        memory.push(mem);
        wall.push(theirs.wall / ours.wall.max(1e-4));
        if mem > 1.0 {
            tally.passed += 1;
        } else {
            tally.failed += 1;
        }
    }
    let summary = [
        ("cpu", &mut ratios),
        ("memory", &mut memory),
        ("wall", &mut wall),
    ];
    for (name, values) in summary {
        values.sort_by(f64::total_cmp);
        let least = values.first().copied().unwrap_or(0.0);
        println!(
            "{name}: Helm takes {:.1} times as much in the median, {least:.1} times at least",
            median(values)
        );
    }
    println!("a case passes where keelcheck needs less memory than Helm");
    Ok(tally)
}

fn beside_us() -> Result<PathBuf, String> {
    let ours = std::env::current_exe().map_err(|error| error.to_string())?;
    let binary = ours.with_file_name("keelcheck");
    if binary.is_file() {
        Ok(binary)
    } else {
        Err(format!(
            "{} is not there: cargo build --release -p keelcheck",
            binary.display()
        ))
    }
}

/// One case a chart, or the first N of them.
fn pick(cases: Vec<Case>, count: Option<usize>) -> Vec<Case> {
    let mut by_chart: BTreeMap<String, Case> = BTreeMap::new();
    for case in cases {
        by_chart.entry(case.chart.clone()).or_insert(case);
    }
    by_chart
        .into_values()
        .take(count.unwrap_or(usize::MAX))
        .collect()
}

/// Runs a command and takes the operating system's accounting of it.
fn measure(program: &Path, verb: &str, case: &Case, dir: &Path) -> Result<Cost, String> {
    let fail = |error: std::io::Error| format!("{}: {error}", program.display());
    let started = Instant::now();
    let child = Command::new(program)
        .arg(verb)
        .args(case.arguments())
        .current_dir(dir)
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(fail)?;
    let used = child.wait4().map_err(fail)?;
    if !used.status.success() {
        return Err(format!(
            "{} {verb} {}: {}",
            program.display(),
            case.id,
            used.status
        ));
    }
    Ok(Cost {
        cpu: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
        wall: started.elapsed().as_secs_f64(),
        memory: used.rusage.maxrss as f64 / (1024.0 * 1024.0),
    })
}

fn median_cost(costs: &[Cost]) -> Cost {
    let of = |field: fn(&Cost) -> f64| {
        let mut values: Vec<f64> = costs.iter().map(field).collect();
        values.sort_by(f64::total_cmp);
        median(&values)
    };
    Cost {
        cpu: of(|cost| cost.cpu),
        wall: of(|cost| cost.wall),
        memory: of(|cost| cost.memory),
    }
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}
