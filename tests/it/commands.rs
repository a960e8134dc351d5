//! The command line as its user sees it: exit codes, one line on failure, nothing secret, and backups that can be
//! put back on both engines.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sqlx::Connection;

use crate::harness::postgres::{Durability, Postgres};

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tournee-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn tournee(folder: &Path, environment: &[(&str, &str)], words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tournee"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TOURNEE_") {
            command.env_remove(name);
        }
    }
    command.args(words).envs(environment.iter().copied()).current_dir(folder).output().unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

async fn sqlite(path: &Path) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
    sqlx::SqliteConnection::connect_with(&options).await.unwrap()
}

const TABLES: &str = "CREATE TABLE counters (name TEXT PRIMARY KEY, epoch BIGINT NOT NULL, n BIGINT NOT NULL); \
                      CREATE TABLE rows_kept (n BIGINT NOT NULL); \
                      CREATE TABLE errands (state TEXT, lease_until_us BIGINT, first_tried_us BIGINT, due_us BIGINT); \
                      INSERT INTO counters VALUES ('journal', 2, 41)";

#[test]
fn wrong_usage_ends_with_2_and_a_bad_setting_with_1_in_one_line_by_its_name() {
    let folder = Folder::new("usage");
    assert_eq!(tournee(&folder.0, &[], &["fly"]).status.code(), Some(2));
    assert_eq!(tournee(&folder.0, &[], &["backup"]).status.code(), Some(2));
    assert_eq!(tournee(&folder.0, &[], &["--help"]).status.code(), Some(0));
    let wrong = tournee(&folder.0, &[("TOURNEE_LANGUAGE", "de")], &["backup", "x"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert_eq!(errors(&wrong), "tournee: TOURNEE_LANGUAGE (environment) is neither fr nor en\n");
}

#[tokio::test]
async fn a_backup_taken_while_the_store_is_written_is_whole_and_restores_into_a_new_epoch() {
    let folder = Folder::new("backup");
    fs::create_dir(folder.file("data")).unwrap();
    let mut live = sqlite(&folder.file("data/tournee.db")).await;
    sqlx::raw_sql(TABLES).execute(&mut live).await.unwrap();
    for n in 0..200_i64 {
        sqlx::query("INSERT INTO rows_kept VALUES ($1)").bind(n).execute(&mut live).await.unwrap();
    }
    // The server's connection stays open, with its rows still in the write-ahead log.
    let made = tournee(&folder.0, &[], &["backup", "copy.db"]);
    assert!(made.status.success(), "{}", errors(&made));
    let again = tournee(&folder.0, &[], &["backup", "copy.db"]);
    assert_eq!(errors(&again), "tournee: copy.db exists already; give another name\n");

    let occupied = tournee(&folder.0, &[], &["restore", "copy.db"]);
    assert_eq!(occupied.status.code(), Some(1), "a restore never overwrites a store");
    let restored = tournee(&folder.0, &[], &["restore", "copy.db", "--data", "new"]);
    assert!(restored.status.success(), "{}", errors(&restored));
    let mut new = sqlite(&folder.file("new/tournee.db")).await;
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM rows_kept").fetch_one(&mut new).await.unwrap();
    let counter: (i64, i64) =
        sqlx::query_as("SELECT epoch, n FROM counters WHERE name = 'journal'")
            .fetch_one(&mut new)
            .await
            .unwrap();
    assert_eq!((count, counter), (200, (3, 0)));
    let left: Vec<_> = fs::read_dir(&folder.0).unwrap().flatten().map(|e| e.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains(".part")), "{left:?}");
}

#[test]
fn a_damaged_backup_is_refused_and_leaves_nothing_behind() {
    let folder = Folder::new("damaged");
    fs::write(folder.file("copy.db"), "SQLite format 3\0 and then something else").unwrap();
    let refused = tournee(&folder.0, &[], &["restore", "copy.db", "--data", "new"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = errors(&refused);
    assert_eq!((said.lines().count(), said.contains("copy.db is no backup")), (1, true), "{said}");
    assert!(!fs::exists(folder.file("new")).unwrap(), "not even the folder");
}

#[tokio::test]
async fn a_postgresql_store_is_copied_and_restored_by_its_own_programs() {
    let Some(cluster) = Postgres::shared("a_postgresql_store", Durability::None) else { return };
    let folder = Folder::new("pg");
    let (from, to) = (cluster.fresh(), cluster.fresh());
    let mut live = sqlx::PgConnection::connect(&from.url()).await.unwrap();
    sqlx::raw_sql(TABLES).execute(&mut live).await.unwrap();
    let made = tournee(&folder.0, &[("TOURNEE_DATABASE_URL", &from.url())], &["backup", "copy"]);
    assert!(made.status.success(), "{}", errors(&made));
    let restore =
        || tournee(&folder.0, &[("TOURNEE_DATABASE_URL", &to.url())], &["restore", "copy"]);
    assert!(restore().status.success());
    let mut new = sqlx::PgConnection::connect(&to.url()).await.unwrap();
    let counter: (i64, i64) =
        sqlx::query_as("SELECT epoch, n FROM counters WHERE name = 'journal'")
            .fetch_one(&mut new)
            .await
            .unwrap();
    assert_eq!(counter, (3, 0));
    assert!(errors(&restore()).contains("restore into an empty one"));
}

#[test]
fn the_doctor_says_what_is_wrong_and_how_to_mend_it() {
    let folder = Folder::new("doctor");
    let well = tournee(&folder.0, &[], &["doctor"]);
    let said = String::from_utf8(well.stdout).unwrap();
    assert!(well.status.success(), "{said}");
    assert!(said.contains("TOURNEE_OSMAND_SECRET"), "{said}");
    let nobody = [("TOURNEE_DATABASE_URL", "postgres://a:s3cr3t@127.0.0.1:9/x")];
    let ill = tournee(&folder.0, &nobody, &["doctor"]);
    let said = String::from_utf8(ill.stdout).unwrap();
    assert_eq!(ill.status.code(), Some(1));
    assert!(said.contains("WRONG    store: ") && said.contains("TOURNEE_DATABASE_URL"), "{said}");
    assert!(!said.contains("s3cr3t"), "{said}");
}
