//! A stranger without any account opens a session and sends channel requests of
//! made-up names, each with 8 kB of text of their choice. The SSH library
//! answers every one with a warning that repeats the name, so one connection
//! wrote 5 MB into the log in four seconds, in lines that say whatever the
//! stranger wants an operator to read. Other lines of the library come as
//! cheaply: two key exchanges in a row, as here, are one.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

/// Returns a packet that asks for a key exchange, before there is any cipher.
fn key_exchange() -> Vec<u8> {
    let mut payload = vec![20; 17];
    for list in [
        "curve25519-sha256,kex-strict-c-v00@openssh.com",
        "ssh-ed25519",
        "aes256-ctr",
        "aes256-ctr",
        "hmac-sha2-256-etm@openssh.com",
        "hmac-sha2-256-etm@openssh.com",
        "none",
        "none",
        "",
        "",
    ] {
        payload.extend(u32::try_from(list.len()).unwrap().to_be_bytes());
        payload.extend(list.as_bytes());
    }
    payload.extend([0; 5]);
    let padding = 12 - (payload.len() + 1) % 8;
    let length = u32::try_from(1 + payload.len() + padding).unwrap();
    let mut packet = length.to_be_bytes().to_vec();
    packet.push(u8::try_from(padding).unwrap());
    packet.extend(payload);
    packet.extend(vec![0; padding]);
    packet
}

#[test]
fn what_a_stranger_sends_is_not_repeated_in_the_log() {
    let data = tempfile::tempdir().unwrap();
    let mut board = Command::new(env!("CARGO_BIN_EXE_ringdown"))
        .env_clear()
        .env("RINGDOWN_DATA", data.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "trace"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut banner = String::new();
    let mut stdout = board.stdout.take().unwrap();
    let address = loop {
        let mut bytes = [0; 1024];
        let read = stdout.read(&mut bytes).unwrap();
        assert_ne!(read, 0, "the board ended: {banner}");
        banner.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
        if let Some((_, rest)) = banner.split_once("listens on")
            && let Some((address, _)) = rest.split_once('\n')
        {
            break address.trim().to_owned();
        }
    };

    let mut stranger = TcpStream::connect(address).unwrap();
    stranger.write_all(b"SSH-2.0-Stranger\r\n").unwrap();
    stranger.write_all(&key_exchange()).unwrap();
    stranger.write_all(&key_exchange()).unwrap();
    // Until the board has seen the second one and hung up, however it does.
    let mut answer = Vec::new();
    stranger.read_to_end(&mut answer).ok();
    drop(stranger);

    kill_process(Pid::from_child(&board), Signal::TERM).unwrap();
    let said = board.wait_with_output().unwrap();
    let log = String::from_utf8(said.stderr).unwrap();
    assert!(log.contains("serving on"), "{log}");
    assert!(!log.contains(" russh"), "{log}");
}
