//! Serves the built screens out of the binary: `/assets/…` with ETag and compressed twins, and the board's page.
//! It never reads a file the build did not make, and it says what to do where the screens were not built.

use std::future::{Ready, ready};
use std::sync::OnceLock;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;
use std::collections::HashMap;

/// What `npm run build` left; read from disk in a debug build, embedded in a release.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/static/dist"]
#[allow_missing = true]
struct Dist;

/// Hashed names never change their content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// May change with the next release: ask each time, by ETag.
const ASK: &str = "no-cache";
/// Scripts and styles come from the house alone; tiles and styles of a configured map may come from elsewhere.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data: blob: https:; connect-src 'self' https:; worker-src 'self' blob:; \
     font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The files of one entry of the build, as paths under `/assets/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The script (or the picture itself), absent where the screens were not built.
    pub script: Option<String>,
    /// Its style sheets, in order.
    pub styles: Vec<String>,
}

#[derive(Deserialize)]
struct Chunk {
    file: String,
    #[serde(default)]
    css: Vec<String>,
    #[serde(default)]
    imports: Vec<String>,
}

type Manifest = HashMap<String, Chunk>;

/// The script and styles of an entry, named by its source (`src/tech/main.ts`). Empty where the screens were not
/// built: a server-rendered page is usable without them.
pub fn entry(source: &str) -> Entry {
    if cfg!(debug_assertions) {
        return read_manifest().map_or_else(Entry::default, |m| entry_of(&m, source));
    }
    static MANIFEST: OnceLock<Option<Manifest>> = OnceLock::new();
    MANIFEST
        .get_or_init(read_manifest)
        .as_ref()
        .map_or_else(Entry::default, |m| entry_of(m, source))
}

fn read_manifest() -> Option<Manifest> {
    serde_json::from_slice(&Dist::get("manifest.json")?.data).ok()
}

fn entry_of(manifest: &Manifest, source: &str) -> Entry {
    let Some(chunk) = manifest.get(source) else { return Entry::default() };
    let mut styles = Vec::new();
    let mut waiting: Vec<&Chunk> = vec![chunk];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(next) = waiting.pop() {
        if seen.contains(&next.file.as_str()) {
            continue;
        }
        seen.push(&next.file);
        waiting.extend(next.imports.iter().filter_map(|name| manifest.get(name)));
        // What an entry builds upon comes before its own.
        for style in next.css.iter().rev() {
            styles.insert(0, format!("/assets/{style}"));
        }
    }
    Entry { script: Some(format!("/assets/{}", chunk.file)), styles }
}

/// `GET /assets/{path}`: a built file, in the smallest form the caller reads. 304 by ETag, 404 for what is not there.
pub fn asset(request: HttpRequest, path: web::Path<String>) -> Ready<HttpResponse> {
    ready(serve(&request, &path, cache_rule(&path)))
}

/// `GET /ops/`: the board's page. 503 with a sentence where the front end was not built.
pub fn ops_index(request: HttpRequest) -> Ready<HttpResponse> {
    let mut answer = if Dist::get("ops.html").is_some() {
        serve(&request, "ops.html", ASK)
    } else {
        HttpResponse::ServiceUnavailable()
            .content_type("text/html; charset=utf-8")
            .body(crate::pages::render_not_built())
    };
    protect(&mut answer);
    ready(answer)
}

/// The headers that every page of ours bears: what it may load, and that its address (which may hold a token) is
/// told to nobody.
pub fn protect(answer: &mut HttpResponse) {
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// The build gives names that end in a dash and eight letters of a hash (`ops-Df_CrM5N.js`) to everything but its
/// few roots.
fn cache_rule(path: &str) -> &'static str {
    const HASH: usize = 8;
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem).as_bytes();
    let dash = stem.len().checked_sub(HASH + 1).and_then(|at| stem.get(at));
    if dash == Some(&b'-') { FOREVER } else { ASK }
}

fn serve(request: &HttpRequest, path: &str, cache: &'static str) -> HttpResponse {
    let hidden = path.starts_with('.') || path.ends_with(".br") || path.ends_with(".gz");
    let Some(plain) = (!hidden).then(|| Dist::get(path)).flatten() else {
        return HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("not found");
    };
    let kind = content_type(path, &plain);
    let (file, encoding) = smallest(request, path, plain);
    let tag = tag_of(&file, encoding);
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value == "*" || value.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
        });
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    if known {
        return answer.finish();
    }
    // Said also for what is sent as it is, so that no middleware compresses it a second time.
    answer.insert_header((header::CONTENT_ENCODING, encoding.unwrap_or("identity")));
    answer.content_type(kind).body(file.data.into_owned())
}

/// The compressed twin that the caller reads, else the file itself.
fn smallest(
    request: &HttpRequest,
    path: &str,
    plain: EmbeddedFile,
) -> (EmbeddedFile, Option<&'static str>) {
    let accepted = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for (name, end) in [("br", "br"), ("gzip", "gz")] {
        if accepts(accepted, name)
            && let Some(twin) = Dist::get(&format!("{path}.{end}"))
        {
            return (twin, Some(name));
        }
    }
    (plain, None)
}

/// Whether an `Accept-Encoding` names a coding without refusing it (`;q=0`).
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let named = pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        named
            && !pieces.any(|q| matches!(q.strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000")))
    })
}

fn tag_of(file: &EmbeddedFile, encoding: Option<&'static str>) -> String {
    let hash = file.metadata.sha256_hash();
    format!(
        "\"{}{}\"",
        hex::encode(&hash[..12]),
        encoding.map_or("", |e| if e == "br" { "-b" } else { "-g" })
    )
}

fn content_type(path: &str, file: &EmbeddedFile) -> String {
    let kind = file.metadata.mimetype();
    let text =
        ["js", "css", "html", "json", "svg"].iter().any(|end| path.ends_with(&format!(".{end}")));
    if text { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_kept_for_ever_and_roots_are_asked_for() {
        assert_eq!(cache_rule("ops-Df_CrM5N.js"), FOREVER);
        assert_eq!(cache_rule("_virtual_background-BYT_IlMp.js"), FOREVER);
        assert_eq!(cache_rule("inter-latin-wght-normal-Dx4kXJAl.woff2"), FOREVER);
        assert_eq!(cache_rule("tech--f_CrM5N.css"), FOREVER);
        assert_eq!(cache_rule("manifest.json"), ASK);
        assert_eq!(cache_rule("ops.html"), ASK);
    }

    #[test]
    fn an_encoding_counts_only_where_it_is_not_refused() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("BR;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("brotli", "br"));
    }

    #[test]
    fn an_entry_brings_the_styles_of_what_it_imports_first() {
        let manifest: Manifest = serde_json::from_str(
            r#"{"a.ts":{"file":"a-1.js","css":["a.css"],"imports":["b.ts"]},
                "b.ts":{"file":"b-1.js","css":["b.css"],"imports":["a.ts"]}}"#,
        )
        .unwrap();
        let entry = entry_of(&manifest, "a.ts");
        assert_eq!(entry.script.as_deref(), Some("/assets/a-1.js"));
        assert_eq!(entry.styles, ["/assets/b.css", "/assets/a.css"]);
        assert_eq!(entry_of(&manifest, "c.ts"), Entry::default());
    }

    #[test]
    fn what_was_not_built_is_not_found_and_hidden_files_stay_hidden() {
        let request = actix_web::test::TestRequest::default().to_http_request();
        for path in ["nothing.js", ".stamp", "ops.html.br", "../Cargo.toml"] {
            assert_eq!(serve(&request, path, ASK).status(), 404, "{path}");
        }
    }
}
