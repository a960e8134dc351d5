//! A full disk: nothing is acknowledged that is not there, reading goes on, and when there is room again, so does
//! writing, without a restart.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::server::{Api, Plan, monday_morning, tidy_up};
use crate::harness::skip;

/// A small file system in memory, gone with its owner.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tournee-test"])
            .arg(at)
            .output();
        mount.is_ok_and(|done| done.status.success()).then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Makes customers until one is refused; gives the paths of those that were not, and the refusal's status.
async fn fill(api: &Api, kept: &mut Vec<String>) -> u16 {
    for n in 0..4_000 {
        let customer = json!({"name": format!("Customer {n}"), "notes": "x".repeat(4_000)});
        let key = format!("fill-{}-{n}", kept.len());
        match api.try_post("/customers", &key, &customer).await {
            Some((201, made)) => {
                kept.push(format!("/customers/{}", made["id"].as_str().unwrap()));
            }
            Some((status, _)) => return status,
            None => panic!("no answer on a full disk"),
        }
    }
    panic!("the disk never filled");
}

async fn are_all_there(api: &Api, kept: &[String]) {
    for path in kept {
        let (status, shown) = api.get(path).await;
        assert_eq!(status, 200, "{path}: {shown}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_acknowledges_nothing_falsely_and_is_got_over() {
    let plan = Plan::new("full-disk");
    let Some(disk) = SmallDisk::mount(&plan.folder.join("data")) else {
        skip::note("full disk", "no file system may be mounted here");
        return;
    };
    let filler = disk.0.join("filler");
    std::fs::write(&filler, vec![0_u8; 3 * 1024 * 1024]).unwrap();
    let server = plan.start(&monday_morning(Duration::ZERO)).await;
    let api = Api::of(&plan);
    let mut kept = Vec::new();
    assert_eq!(fill(&api, &mut kept).await, 503, "{}", plan.log());
    assert!(!kept.is_empty());
    are_all_there(&api, &kept).await;

    std::fs::remove_file(&filler).unwrap();
    let began = Instant::now();
    let customer = json!({"name": "Afterwards"});
    let made = loop {
        match api.try_post("/customers", "afterwards", &customer).await {
            Some((201, made)) => break made,
            other => assert!(began.elapsed() < Duration::from_secs(20), "{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    kept.push(format!("/customers/{}", made["id"].as_str().unwrap()));
    eprintln!("{} customers fitted on the disk", kept.len());
    server.kill();
    let server = plan.start(&monday_morning(Duration::from_secs(60))).await;
    are_all_there(&api, &kept).await;
    drop(server);
    drop(disk);
    tidy_up(&plan.folder);
}
