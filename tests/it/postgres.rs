//! The private PostgreSQL itself: what the tests on it may rely on.

use sqlx::Connection;

use crate::harness::postgres::{Durability, Postgres};

async fn value(url: &str, sql: &'static str) -> String {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn fresh_databases_are_empty_and_apart() {
    let Some(cluster) = Postgres::shared("fresh_databases", Durability::None) else { return };
    let (one, other) = (cluster.fresh(), cluster.fresh());
    let mut connection = sqlx::PgConnection::connect(&one.url()).await.unwrap();
    sqlx::query("CREATE TABLE t (n BIGINT)").execute(&mut connection).await.unwrap();
    let count =
        "SELECT count(*)::text FROM information_schema.tables WHERE table_schema = 'public'";
    assert_eq!(value(&one.url(), count).await, "1");
    assert_eq!(value(&other.url(), count).await, "0");
}

#[tokio::test]
async fn commits_reach_the_disk_only_where_that_was_asked_for() {
    for (durability, fsync) in [(Durability::Full, "on"), (Durability::None, "off")] {
        let Some(cluster) = Postgres::shared("commits_reach_the_disk", durability) else { return };
        assert_eq!(value(&cluster.fresh().url(), "SHOW fsync").await, fsync);
    }
}
