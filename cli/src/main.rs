//! placeholder

#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "the command line that writes reports is not there yet"
    )
)]
mod report;

fn main() {}
