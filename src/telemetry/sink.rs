//! The thread that writes log lines, behind a bounded queue: a stalled terminal or pipe costs records, never time.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Lines that may wait for the writer.
const QUEUE: usize = 4_096;

enum Item {
    Line(String),
    End,
}

/// The way in: never blocks.
#[derive(Clone)]
pub(super) struct Queue {
    lines: SyncSender<Item>,
    dropped: Arc<AtomicU64>,
}

impl Queue {
    /// Queues a line (with its line break), or counts it as dropped when the writer is behind.
    pub(super) fn push(&self, line: String) {
        if self.lines.try_send(Item::Line(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many lines were dropped since this was last asked.
    pub(super) fn take_dropped(&self) -> u64 {
        self.dropped.swap(0, Ordering::Relaxed)
    }
}

/// The thread's handle; dropping it waits until everything queued is written.
pub(super) struct Writer {
    end: SyncSender<Item>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The queue drains while this waits for its place; a writer that died has nothing left to wait for.
        if self.end.send(Item::End).is_ok()
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

/// Starts the writer on `out`.
///
/// # Errors
/// The system has no thread to give.
pub(super) fn start(out: impl Write + Send + 'static) -> io::Result<(Queue, Writer)> {
    let (lines, waiting) = sync_channel(QUEUE);
    let thread =
        std::thread::Builder::new().name("log".to_owned()).spawn(move || write(&waiting, out))?;
    let queue = Queue { lines: lines.clone(), dropped: Arc::default() };
    Ok((queue, Writer { end: lines, thread: Some(thread) }))
}

fn write(waiting: &Receiver<Item>, mut out: impl Write) {
    while let Ok(Item::Line(line)) = waiting.recv() {
        // There is nowhere to report a log that cannot be written; the server goes on.
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }
}
