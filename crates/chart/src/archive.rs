//! Packed charts: gzipped tar files, read in memory and within limits.

use crate::ChartFile;
use crate::goformat::quote;
use flate2::read::MultiGzDecoder;
use source::Problem;
use std::io::{self, Read};
use tar::{Archive, Entry, EntryType};

/// Bytes of all files of a chart together.
const MAX_CHART_BYTES: u64 = 100 << 20;
/// Bytes of one file, in archives and in folders.
pub(crate) const MAX_FILE_BYTES: u64 = 5 << 20;
/// Bytes that are unpacked at all: the files, and whatever headers may stand between them.
const MAX_STREAM_BYTES: u64 = 2 * MAX_CHART_BYTES;

/// Unpacks a packed chart in memory. `archive_name` stands in error texts. File order is the archive's.
///
/// # Errors
/// Helm's texts for what is no gzip, escapes the chart's folder, or is too large once unpacked. Unlike Helm, which
/// reads them as empty files, links and devices are refused.
pub fn unpack(bytes: &[u8], archive_name: &str) -> Result<Vec<ChartFile>, Problem> {
    check_is_gzip(bytes, archive_name)?;
    read_files(bytes).map_err(|reason| match reason.as_str() {
        BAD_GZIP => Problem::new(format!(
            "file '{archive_name}' does not appear to be a valid chart file (details: {BAD_GZIP})"
        )),
        _ => Problem::new(format!("unable to load chart archive: {reason}")),
    })
}

const BAD_GZIP: &str = "gzip: invalid header";

fn check_is_gzip(bytes: &[u8], archive_name: &str) -> Result<(), Problem> {
    if bytes.starts_with(b"\x1f\x8b\x08") {
        return Ok(());
    }
    if archive_name.ends_with(".yml") || archive_name.ends_with(".yaml") {
        let reason = "seems to be a YAML file, but expected a gzipped archive";
        return Err(Problem::new(format!("file '{archive_name}' {reason}")));
    }
    let found = content_type(bytes);
    let reason = format!("does not appear to be a gzipped archive; got '{found}'");
    Err(Problem::new(format!("file '{archive_name}' {reason}")))
}

/// The media type that Go's sniffing gives to the first 512 bytes; what is shorter counts as padded with NUL.
fn content_type(bytes: &[u8]) -> &'static str {
    const SNIFFED: usize = 512;
    let known: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "application/zip"),
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\x0d\x0a\x1a\x0a", "image/png"),
        (b"\xef\xbb\xbf", "text/plain; charset=utf-8"),
    ];
    if let Some((_, name)) = known.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return name;
    }
    let is_binary = |byte: &u8| matches!(byte, 0..=8 | 0xb | 0xe..=0x1a | 0x1c..=0x1f);
    if bytes.len() < SNIFFED || bytes[..SNIFFED].iter().any(is_binary) {
        return "application/octet-stream";
    }
    "text/plain; charset=utf-8"
}

/// The files of an archive. Err holds the bare reason.
pub(crate) fn read_files(bytes: &[u8]) -> Result<Vec<ChartFile>, String> {
    let mut archive = Archive::new(MultiGzDecoder::new(bytes).take(MAX_STREAM_BYTES));
    let mut files = Vec::new();
    let mut remaining = MAX_CHART_BYTES;
    for entry in archive.entries().map_err(|error| read_error(&error))? {
        let mut entry = entry.map_err(|error| read_error(&error))?;
        let Some(path) = entry_path(&entry)? else {
            continue;
        };
        let contents = read_entry(&mut entry, &mut remaining)?;
        files.push(ChartFile {
            path,
            bytes: contents.into(),
        });
    }
    if files.is_empty() {
        return Err("no files in chart archive".to_owned());
    }
    Ok(files)
}

fn read_error(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidInput if error.to_string().contains("gzip header") => {
            BAD_GZIP.to_owned()
        }
        io::ErrorKind::UnexpectedEof => "unexpected EOF".to_owned(),
        _ => error.to_string(),
    }
}

type ChartEntry<'a, 'b> = Entry<'a, io::Take<MultiGzDecoder<&'b [u8]>>>;

/// The path inside the chart; None for what is no file.
fn entry_path(entry: &ChartEntry<'_, '_>) -> Result<Option<String>, String> {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    match entry.header().entry_type() {
        EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader => return Ok(None),
        _ if name.ends_with('/') => return Ok(None),
        EntryType::Link | EntryType::Symlink => {
            return Err(format!("chart illegally contains a link: {}", quote(&name)));
        }
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            return Err(format!(
                "chart illegally contains a device: {}",
                quote(&name)
            ));
        }
        _ => {}
    }
    path_in_chart(&name).map(Some)
}

/// Drops the first component of an entry's name, and refuses what would lead out of the chart.
fn path_in_chart(name: &str) -> Result<String, String> {
    let delimiter = if name.contains('\\') { '\\' } else { '/' };
    let (first, rest) = name.split_once(delimiter).unwrap_or((name, ""));
    let rest = rest.replace(delimiter, "/");
    if rest.starts_with('/') {
        return Err("chart illegally contains absolute paths".to_owned());
    }
    let path = clean_path(&rest);
    if path == "." {
        return Err(format!(
            "chart illegally contains content outside the base directory: {}",
            quote(name)
        ));
    }
    if path.starts_with("..") {
        return Err("chart illegally references parent directory".to_owned());
    }
    if let [drive, b':', b'/', ..] = path.as_bytes()
        && drive.is_ascii_alphabetic()
    {
        return Err("chart contains illegally named files".to_owned());
    }
    if first == "Chart.yaml" {
        return Err("chart yaml not in base directory".to_owned());
    }
    Ok(path)
}

/// Go's `path.Clean` of a relative path.
fn clean_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

fn read_entry(entry: &mut ChartEntry<'_, '_>, remaining: &mut u64) -> Result<Vec<u8>, String> {
    let too_large =
        || format!("decompressed chart is larger than the maximum size {MAX_CHART_BYTES}");
    let size = entry.size();
    if size > *remaining {
        return Err(too_large());
    }
    if size > MAX_FILE_BYTES {
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = quote(&name);
        return Err(format!(
            "decompressed chart file {name} is larger than the maximum file size {MAX_FILE_BYTES}"
        ));
    }
    let mut contents = Vec::new();
    entry
        .read_to_end(&mut contents)
        .map_err(|error| read_error(&error))?;
    *remaining -= contents.len() as u64;
    if (contents.len() as u64) < size || *remaining == 0 {
        return Err(too_large());
    }
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn pack(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, entry_type, contents) in entries {
            let mut header = tar::Header::new_gnu();
            // Not `set_path`, which refuses the names that are wanted here.
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*entry_type);
            header.set_size(contents.len() as u64);
            header.set_cksum();
            builder.append(&header, *contents).expect("a tar in memory");
        }
        gzip(&builder.into_inner().expect("a tar in memory"))
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("a gzip in memory");
        encoder.finish().expect("a gzip in memory")
    }

    #[test]
    fn the_first_component_is_dropped_and_the_order_kept() {
        let packed = pack(&[
            ("x/", EntryType::Directory, b""),
            ("x/Chart.yaml", EntryType::Regular, b"name: x"),
            ("x/./templates//b.yaml", EntryType::Regular, b"b"),
            ("y\\a.txt", EntryType::Regular, b"a"),
        ]);
        let paths: Vec<_> = unpack(&packed, "x.tgz")
            .unwrap()
            .into_iter()
            .map(|file| file.path)
            .collect();
        assert_eq!(paths, ["Chart.yaml", "templates/b.yaml", "a.txt"]);
    }

    #[test]
    fn entries_that_lead_out_of_the_chart_are_refused() {
        let cases: &[(&str, EntryType, &str)] = &[
            (
                "x//etc/passwd",
                EntryType::Regular,
                "chart illegally contains absolute paths",
            ),
            (
                "x/../../a",
                EntryType::Regular,
                "chart illegally references parent directory",
            ),
            (
                "a",
                EntryType::Regular,
                "chart illegally contains content outside the base directory: \"a\"",
            ),
            (
                "x/c:/a",
                EntryType::Regular,
                "chart contains illegally named files",
            ),
            (
                "Chart.yaml/a",
                EntryType::Regular,
                "chart yaml not in base directory",
            ),
            (
                "x/a",
                EntryType::Symlink,
                "chart illegally contains a link: \"x/a\"",
            ),
            (
                "x/a",
                EntryType::Fifo,
                "chart illegally contains a device: \"x/a\"",
            ),
        ];
        for (name, entry_type, expected) in cases {
            assert_eq!(
                read_files(&pack(&[(name, *entry_type, b"")])).unwrap_err(),
                *expected,
                "{name}"
            );
        }
    }

    #[test]
    fn large_files_are_refused_before_they_are_unpacked() {
        let contents = vec![0; MAX_FILE_BYTES as usize + 1];
        let error = read_files(&pack(&[("x/a", EntryType::Regular, &contents)])).unwrap_err();
        assert_eq!(
            error,
            "decompressed chart file \"x/a\" is larger than the maximum file size 5242880"
        );
    }

    #[test]
    fn what_is_no_archive_is_named() {
        let message = |bytes: &[u8], name| unpack(bytes, name).unwrap_err().message;
        let yaml = "file 'values.yaml' seems to be a YAML file, but expected a gzipped archive";
        assert_eq!(message(b"a: 1\n", "values.yaml"), yaml);
        let other =
            "file 'x.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'";
        assert_eq!(message(b"hello", "x.tgz"), other);
        assert_eq!(
            message(&gzip(&[]), "x.tgz"),
            "unable to load chart archive: no files in chart archive"
        );
        assert!(
            message(&pack(&[("x/a", EntryType::Regular, b"abc")])[..40], "x.tgz")
                .contains("unexpected EOF")
        );
    }
}
