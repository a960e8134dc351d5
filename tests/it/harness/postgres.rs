//! A private PostgreSQL for the tests: Debian's binaries, a cluster in the temporary folder, reached by a socket
//! that only this user can open. Every test process shares it (test runners start one process per test); it is
//! made by the first one and stops itself half a minute after the last one has gone. It never touches a
//! PostgreSQL that was running before.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use super::skip;

/// Whether a commit reaches the disk before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "tests of durability use one, all others the other")]
pub enum Durability {
    /// As in production.
    Full,
    /// For speed, where no test pulls the plug of the database itself.
    None,
}

/// What was found for a durability: a cluster, or nothing to start one with.
type Started = (Durability, Option<&'static Postgres>);

/// The running cluster.
#[derive(Debug)]
pub struct Postgres {
    tools: PathBuf,
    socket: PathBuf,
    /// Held for as long as this process lives; the cluster's keeper waits for every holder to be gone.
    _used: File,
}

/// An empty database, dropped with this value.
#[derive(Debug)]
pub struct Fresh {
    cluster: &'static Postgres,
    name: String,
}

impl Postgres {
    /// The cluster, started if need be; `None`, aloud, where PostgreSQL is not installed.
    pub fn shared(test: &str, durability: Durability) -> Option<&'static Self> {
        static STARTED: Mutex<Vec<Started>> = Mutex::new(Vec::new());
        let mut started = STARTED.lock().unwrap();
        if let Some((_, cluster)) = started.iter().find(|(d, _)| *d == durability) {
            return *cluster;
        }
        let cluster = match tools() {
            Some(tools) => Some(&*Box::leak(Box::new(Self::start(tools, durability)))),
            None => {
                skip::note(test, "no PostgreSQL here (on Debian: apt-get install postgresql)");
                None
            }
        };
        started.push((durability, cluster));
        cluster
    }

    /// A new, empty database.
    pub fn fresh(&'static self) -> Fresh {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let fresh = Fresh { cluster: self, name: format!("t{}_{count}", std::process::id()) };
        // A process of this number may have died here before.
        self.run("dropdb", &["--if-exists", "--force", &fresh.name]);
        self.run("createdb", &[&fresh.name]);
        fresh
    }

    fn start(tools: PathBuf, durability: Durability) -> Self {
        let (kind, fsync) = match durability {
            Durability::Full => ("full", "on"),
            Durability::None => ("fast", "off"),
        };
        let folder = std::env::temp_dir().join(format!("tournee-postgres-{}-{kind}", user_id()));
        fs::create_dir_all(&folder).unwrap();
        if is_root() {
            // The cluster belongs to the user postgres; the folder around it stays ours.
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let used = lock_file(&folder.join("used"));
        used.lock_shared().unwrap();
        let making = lock_file(&folder.join("making"));
        making.lock().unwrap();
        let cluster = Self { tools, socket: folder.join("socket"), _used: used };
        if !cluster.answers() {
            cluster.make(&folder, fsync);
        }
        drop(making);
        cluster
    }

    fn make(&self, folder: &Path, fsync: &str) {
        let data = folder.join("data");
        for old in [&data, &self.socket] {
            let _ = fs::remove_dir_all(old);
            fs::create_dir(old).unwrap();
            give_to_postgres(old);
        }
        let data = data.to_str().unwrap();
        let log = folder.join("data/log");
        self.must("initdb", &["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]);
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c fsync={fsync} -c full_page_writes={fsync} \
             -c max_connections=200 -c shared_buffers=64MB",
            self.socket.display()
        );
        let start = ["-D", data, "-w", "-t", "60", "-l", log.to_str().unwrap(), "-o", &options];
        self.must("pg_ctl", &[&["start"], &start[..]].concat());
        self.keep(folder, data);
    }

    /// Leaves a process that stops the cluster once nobody has held the lock for half a minute.
    fn keep(&self, folder: &Path, data: &str) {
        let stop = self.command("pg_ctl", &["stop", "-D", data, "-m", "immediate"]);
        let words: Vec<String> = std::iter::once(stop.get_program())
            .chain(stop.get_args())
            .map(|word| format!("'{}'", word.to_str().unwrap()))
            .collect();
        // The lock on `making` keeps a newcomer from finding the cluster alive just before it is stopped.
        let script = format!(
            "idle=0; while sleep 2; do \
             if flock -n -x used true; then idle=$((idle+1)); else idle=0; fi; \
             [ $idle -ge 15 ] || continue; idle=0; \
             if (flock 9; flock -n -x used true && {{ {}; rm -rf data socket; }}) 9>making; \
             then exit 0; fi; done",
            words.join(" ")
        );
        #[expect(clippy::zombie_processes, reason = "it outlives this process on purpose")]
        Command::new("sh")
            .args(["-c", &script])
            .current_dir(folder)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
    }

    fn answers(&self) -> bool {
        self.socket.exists()
            && self
                .command("psql", &["-c", "SELECT 1", "postgres"])
                .status()
                .is_ok_and(|s| s.success())
    }

    fn run(&self, tool: &str, arguments: &[&str]) {
        self.must(tool, arguments);
    }

    fn must(&self, tool: &str, arguments: &[&str]) {
        // Standard streams must not be inherited by the cluster: a test runner waits for them to close.
        let said =
            std::env::temp_dir().join(format!("tournee-postgres-{}.log", std::process::id()));
        let file = File::create(&said).unwrap();
        let status = self
            .command(tool, arguments)
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .status()
            .unwrap();
        let words = fs::read_to_string(&said).unwrap_or_default();
        let _ = fs::remove_file(&said);
        assert!(status.success(), "{tool} {arguments:?}: {status}: {words}");
    }

    /// One of PostgreSQL's programs, as the user it wants to be run by.
    fn command(&self, tool: &str, arguments: &[&str]) -> Command {
        let program = self.tools.join(tool);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(arguments).current_dir("/").stdin(Stdio::null());
        command.env("PGHOST", &self.socket).env("PGUSER", "postgres");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Fresh {
    /// The address to connect to.
    pub fn url(&self) -> String {
        format!(
            "postgres://postgres@localhost/{}?host={}",
            self.name,
            self.cluster.socket.display()
        )
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = self.cluster.command("dropdb", &["--if-exists", "--force", &self.name]).status();
    }
}

/// The folder of the newest PostgreSQL's programs.
fn tools() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    versions.sort();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|bin| bin.join("initdb").exists())
    };
    versions.pop().map(|(_, bin)| bin).or_else(on_path)
}

fn lock_file(path: &Path) -> File {
    File::options().create(true).append(true).open(path).unwrap()
}

fn user_id() -> String {
    let answer = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| user_id() == "0")
}

fn give_to_postgres(folder: &Path) {
    if is_root() {
        let status = Command::new("chown").arg("postgres:").arg(folder).status().unwrap();
        assert!(status.success());
    } else {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    }
}
