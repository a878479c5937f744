//! The part of GitHub's REST API that the comment needs, on 127.0.0.1: comments of one issue, in pages.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

/// One request, as it arrived.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) authorization: String,
    pub(crate) body: String,
}

/// What the server answers with.
#[derive(Debug, Default)]
pub(crate) struct Behaviour {
    /// The comments as JSON objects, oldest first.
    pub(crate) comments: Vec<String>,
    /// Status of GET, PATCH and POST where it is not the usual one.
    pub(crate) get: Option<u16>,
    pub(crate) patch: Option<u16>,
    pub(crate) post: Option<u16>,
}

/// A running server; its thread ends with the test program.
pub(crate) struct Api {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Api {
    pub(crate) fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!(
            "http://{}",
            listener.local_addr().expect("the fake server works")
        );
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if let Some(request) = read(&stream) {
                    let (status, body) = answer(&request, &behaviour);
                    log.lock().expect("the fake server works").push(request);
                    let head = format!(
                        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                        body.len()
                    );
                    let _ = (&stream).write_all((head + &body).as_bytes());
                }
            }
        });
        Self { url, requests }
    }

    pub(crate) fn requests(&self) -> MutexGuard<'_, Vec<Request>> {
        self.requests.lock().expect("the fake server works")
    }

    /// Methods and paths, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        let requests = self.requests();
        requests
            .iter()
            .map(|request| format!("{} {}", request.method, request.path))
            .collect()
    }
}

/// A comment as the API lists it.
pub(crate) fn comment(id: u64, login: &str, body: &str) -> String {
    let body = body.replace('\n', "\\n");
    format!(r#"{{"id": {id}, "user": {{"login": "{login}"}}, "body": "{body}"}}"#)
}

fn answer(request: &Request, behaviour: &Behaviour) -> (u16, String) {
    match request.method.as_str() {
        "GET" => {
            let page = number_after(&request.path, "&page=").max(1);
            let size = number_after(&request.path, "per_page=");
            let shown = behaviour.comments.iter().skip((page - 1) * size).take(size);
            let list: Vec<&str> = shown.map(String::as_str).collect();
            (
                behaviour.get.unwrap_or(200),
                format!("[{}]", list.join(",")),
            )
        }
        "PATCH" => (behaviour.patch.unwrap_or(200), "{}".to_owned()),
        _ => (behaviour.post.unwrap_or(201), "{}".to_owned()),
    }
}

fn number_after(path: &str, name: &str) -> usize {
    let digits: String = path
        .split_once(name)
        .map_or("", |(_, rest)| rest)
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap_or(0)
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let mut request = Request {
        method: words.next()?,
        path: words.next()?,
        ..Request::default()
    };
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "authorization" => request.authorization = value.to_owned(),
            // curl waits for this before it sends a large body.
            "expect" => (&*stream)
                .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")
                .ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}
