//! Somebody who may write to the data directory, but not to much else, puts a
//! link where the lock belongs. The board, perhaps started by root, followed it,
//! emptied the file behind it and wrote a process id there.

use std::{fs, os::unix::fs::symlink, process::Command};

#[test]
fn the_file_behind_a_link_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let diary = data.path().join("diary");
    fs::write(&diary, "dear diary").unwrap();
    symlink(&diary, data.path().join("ringdown.lock")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ringdown"))
        .env_clear()
        .env("RINGDOWN_DATA", data.path())
        .args(["serve", "--listen", "127.0.0.1:0"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(fs::read_to_string(&diary).unwrap(), "dear diary");
}
