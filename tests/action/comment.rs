//! `comment.sh`: one comment, updated in place, and none where there must be none.

use crate::api::{Api, Behaviour, comment};
use crate::runner::Runner;

/// Names and values.
type Variables<'a> = &'a [(&'a str, &'a str)];

const BOT: &str = "github-actions[bot]";
const MARKER: &str = "<!-- keelcheck action: default -->";
const FORK: &str = r#"{"pull_request": {"number": 7, "head": {"repo": {"full_name": "stranger/kmetal"}}, "base": {"repo": {"full_name": "acme/kmetal"}}}}"#;
const OWN: &str = r#"{"pull_request": {"number": 7, "head": {"repo": {"full_name": "acme/kmetal"}}, "base": {"repo": {"full_name": "acme/kmetal"}}}}"#;
const DELETED_FORK: &str = r#"{"pull_request": {"number": 7, "head": {"repo": null}, "base": {"repo": {"full_name": "acme/kmetal"}}}}"#;

#[test]
fn the_first_run_writes_a_comment() {
    let Some((runner, api)) = job(Behaviour::default()) else {
        return;
    };
    let run = runner.run("comment.sh");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        api.calls(),
        [
            "GET /repos/acme/kmetal/issues/7/comments?per_page=100&page=1",
            "POST /repos/acme/kmetal/issues/7/comments"
        ]
    );
    let requests = api.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.authorization == "Bearer t0ken")
    );
    let body = &requests[1].body;
    assert!(
        body.contains(&format!(
            "\"{MARKER}\\n<!-- keelcheck report -->\\n**1 error** \\\"quoted\\\" ü\\n\""
        )),
        "{body}"
    );
    assert!(!run.log.contains("t0ken"), "{run:?}");
}

#[test]
fn later_runs_update_the_comment_wherever_its_page_is() {
    let mut comments: Vec<String> = (1..=230)
        .map(|id| comment(id, "someone", "hello"))
        .collect();
    comments.push(comment(4242, BOT, &format!("{MARKER}\nold")));
    let Some((runner, api)) = job(Behaviour {
        comments,
        ..Behaviour::default()
    }) else {
        return;
    };
    let run = runner.run("comment.sh");
    assert_eq!(run.code, 0, "{run:?}");
    let calls = api.calls();
    assert_eq!(calls.len(), 4, "{calls:?}");
    assert!(calls[2].ends_with("&page=3"));
    assert_eq!(calls[3], "PATCH /repos/acme/kmetal/issues/comments/4242");
}

#[test]
fn a_full_last_page_is_followed_by_one_more_request() {
    let comments = (1..=100)
        .map(|id| comment(id, "someone", "hello"))
        .collect();
    let Some((runner, api)) = job(Behaviour {
        comments,
        ..Behaviour::default()
    }) else {
        return;
    };
    runner.run("comment.sh");
    assert_eq!(api.calls().len(), 3);
}

#[test]
fn only_own_comments_that_begin_with_the_marker_are_updated() {
    let comments = vec![
        comment(1, "stranger", &format!("{MARKER}\nmine now")),
        comment(2, BOT, &format!("> {MARKER}\nquoted")),
        comment(3, BOT, "<!-- keelcheck action: other -->\nanother use"),
        r#"{"id": 4, "user": null, "body": null}"#.to_owned(),
    ];
    let Some((runner, api)) = job(Behaviour {
        comments,
        ..Behaviour::default()
    }) else {
        return;
    };
    let run = runner.run("comment.sh");
    assert!(api.calls()[1].starts_with("POST "), "{run:?}");
}

#[test]
fn another_key_has_its_own_comment() {
    let comments = vec![comment(
        3,
        "robot",
        "<!-- keelcheck action: edge-sites -->\nold",
    )];
    let Some((mut runner, api)) = job(Behaviour {
        comments,
        ..Behaviour::default()
    }) else {
        return;
    };
    runner
        .set("KEELCHECK_COMMENT_KEY", "edge-sites")
        .set("KEELCHECK_COMMENT_AUTHOR", "robot")
        .run("comment.sh");
    assert_eq!(api.calls()[1], "PATCH /repos/acme/kmetal/issues/comments/3");
}

#[test]
fn a_comment_that_vanished_meanwhile_is_written_anew() {
    let comments = vec![comment(9, BOT, &format!("{MARKER}\nold"))];
    let Some((runner, api)) = job(Behaviour {
        comments,
        patch: Some(404),
        ..Behaviour::default()
    }) else {
        return;
    };
    runner.run("comment.sh");
    assert_eq!(api.calls().len(), 3);
    assert!(api.calls()[2].starts_with("POST "));
}

#[test]
fn there_is_no_request_where_there_must_be_no_comment() {
    let cases: &[(&str, Variables<'_>, &str)] = &[
        (FORK, &[], "no comment: the pull request comes from a fork"),
        (
            FORK,
            &[("GITHUB_EVENT_NAME", "pull_request_target")],
            "no comment: the pull request comes from a fork",
        ),
        (
            DELETED_FORK,
            &[],
            "no comment: the pull request comes from a fork",
        ),
        (
            OWN,
            &[("KEELCHECK_TOKEN", "")],
            "no comment: no token was given",
        ),
        (
            OWN,
            &[("KEELCHECK_COMMENT", "false")],
            "no comment: switched off",
        ),
        (
            OWN,
            &[("GITHUB_EVENT_NAME", "push")],
            "no comment: the event is no pull request",
        ),
        (
            OWN,
            &[("KEELCHECK_MARKDOWN", "/nowhere.md")],
            "no comment: there is no Markdown report",
        ),
        (
            OWN,
            &[("KEELCHECK_TOKEN", "a\"\nurl = \"http://evil.example/")],
            "::warning title=keelcheck::input token",
        ),
        (
            OWN,
            &[("KEELCHECK_COMMENT_KEY", "x --> @team")],
            "::warning title=keelcheck::input comment-key",
        ),
        ("{}", &[], "no comment: the pull request comes from a fork"),
        (
            "{",
            &[],
            "::warning title=keelcheck::the event file cannot be read",
        ),
        (
            &OWN.replace("7", "\"7/../8\""),
            &[],
            "::warning title=keelcheck::the event file has no pull request number",
        ),
    ];
    for (event, variables, said) in cases {
        let Some((mut runner, api)) = job(Behaviour::default()) else {
            return;
        };
        runner.write("event.json", event);
        for (name, value) in *variables {
            runner.set(name, value);
        }
        let run = runner.run("comment.sh");
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.log.contains(said), "{said}: {run:?}");
        assert_eq!(api.calls(), Vec::<String>::new(), "{said}");
    }
}

#[test]
fn what_the_api_refuses_is_a_warning_and_not_a_failure() {
    let old = || vec![comment(9, BOT, &format!("{MARKER}\nold"))];
    let cases = [
        (
            Behaviour {
                get: Some(403),
                ..Behaviour::default()
            },
            "cannot be read (HTTP 403)",
        ),
        (
            Behaviour {
                post: Some(403),
                ..Behaviour::default()
            },
            "cannot be written (HTTP 403)",
        ),
        (
            Behaviour {
                comments: old(),
                patch: Some(403),
                ..Behaviour::default()
            },
            "cannot be updated (HTTP 403)",
        ),
    ];
    for (behaviour, said) in cases {
        let Some((runner, _api)) = job(behaviour) else {
            return;
        };
        let run = runner.run("comment.sh");
        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            run.log.contains("::warning title=keelcheck::") && run.log.contains(said),
            "{run:?}"
        );
    }
}

#[test]
fn a_server_that_is_not_there_is_a_warning() {
    let Some((mut runner, _api)) = job(Behaviour::default()) else {
        return;
    };
    let run = runner
        .set("GITHUB_API_URL", "http://127.0.0.1:1")
        .run("comment.sh");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.log.contains("(HTTP 000)"), "{run:?}");
}

#[test]
fn a_report_that_no_comment_can_hold_is_replaced_by_a_sentence() {
    let Some((mut runner, api)) = job(Behaviour::default()) else {
        return;
    };
    let report = runner
        .write("large.md", &"x".repeat(65_536))
        .display()
        .to_string();
    runner.set("KEELCHECK_MARKDOWN", &report).run("comment.sh");
    let body = api.requests()[1].body.clone();
    assert!(
        body.len() < 500 && body.contains(MARKER) && body.contains("summary of the run"),
        "{body}"
    );
}

/// A pull request from the repository itself, with everything that a comment needs.
fn job(behaviour: Behaviour) -> Option<(Runner, Api)> {
    let mut runner = Runner::new()?;
    let api = Api::start(behaviour);
    let event = runner.write("event.json", OWN).display().to_string();
    let report = runner
        .write(
            "report.md",
            "<!-- keelcheck report -->\n**1 error** \"quoted\" ü\n",
        )
        .display()
        .to_string();
    runner
        .set("GITHUB_API_URL", &api.url)
        .set("GITHUB_REPOSITORY", "acme/kmetal")
        .set("GITHUB_EVENT_NAME", "pull_request")
        .set("GITHUB_EVENT_PATH", &event)
        .set("KEELCHECK_COMMENT", "true")
        .set("KEELCHECK_TOKEN", "t0ken")
        .set("KEELCHECK_MARKDOWN", &report);
    Some((runner, api))
}
