//! Checks that the screens in `static/dist` were built from the sources that stand beside them, so that no release
//! carries stale ones. It never builds them: a build without npm must work, and `make build` runs npm first.
//!
//! `static/dist/.stamp` holds the SHA-256, in hex, over the sources in byte order of their paths relative to
//! `static/`: for each file its path, a zero byte, its bytes, a zero byte. `static/build/finish.mjs` writes it.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo through standard output")]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

const STATIC: &str = "static";

fn main() {
    for path in ["src", "package-lock.json", "vite.config.ts", "dist/.stamp"] {
        println!("cargo::rerun-if-changed={STATIC}/{path}");
    }
    println!("cargo::rerun-if-env-changed=TOURNEE_NO_UI");
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let excused = env::var_os("TOURNEE_NO_UI").is_some_and(|value| value == "1");
    match check() {
        Ok(()) => {}
        Err(why) if release && !excused => {
            println!("cargo::error={why}; run `make build`, or set TOURNEE_NO_UI=1 to go without");
        }
        // A debug build serves whatever lies in dist, or a page that says what to do.
        Err(why) if release => println!("cargo::warning={why}"),
        Err(_) => {}
    }
}

/// Whether the built screens match their sources; the error says what is wrong.
fn check() -> Result<(), String> {
    let stamp = fs::read_to_string(Path::new(STATIC).join("dist/.stamp"))
        .map_err(|_| "the screens are not built".to_owned())?;
    let now = fingerprint().map_err(|error| format!("the screens cannot be read: {error}"))?;
    if stamp.trim() == now {
        Ok(())
    } else {
        Err("the built screens are older than their sources".to_owned())
    }
}

fn fingerprint() -> io::Result<String> {
    let root = Path::new(STATIC);
    let mut sources = vec![root.join("package-lock.json"), root.join("vite.config.ts")];
    walk(&root.join("src"), &mut sources)?;
    for entry in fs::read_dir(root)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "html") {
            sources.push(path);
        }
    }
    let mut named: Vec<(String, PathBuf)> = sources
        .into_iter()
        .filter_map(|path| {
            let name = path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
            Some((name, path))
        })
        .collect();
    named.sort();
    let mut hash = Sha256::new();
    for (name, path) in named {
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(fs::read(path)?);
        hash.update([0]);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, found)? } else { found.push(path) }
    }
    Ok(())
}
