//! Keys of people, in files and in an agent.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use ssh_key::{LineEnding, PrivateKey, private::Ed25519Keypair};

/// Returns the key of that name: always the same one.
pub(crate) fn key(name: &str) -> PrivateKey {
    let mut seed = [0; 32];
    for (place, byte) in seed.iter_mut().zip(name.bytes()) {
        *place = byte;
    }
    PrivateKey::from(Ed25519Keypair::from_seed(&seed))
}

/// Where a key of that name is kept.
pub(crate) fn file(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("id_{name}"))
}

/// Writes a key as `ssh-keygen` does and returns the private one's file.
pub(crate) fn save(key: &PrivateKey, dir: &Path, name: &str) -> PathBuf {
    let file = file(dir, name);
    fs::write(&file, key.to_openssh(LineEnding::LF).unwrap().as_bytes()).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let public = key.public_key().to_openssh().unwrap();
    fs::write(file.with_extension("pub"), public + "\n").unwrap();
    file
}

/// Writes a key as dropbear keeps it and returns its file.
pub(crate) fn save_for_dropbear(key: &PrivateKey, dir: &Path, name: &str) -> PathBuf {
    let pair = key.key_data().ed25519().unwrap();
    let both = [&pair.private.to_bytes()[..], &pair.public.0[..]].concat();
    let mut bytes = Vec::new();
    for field in [&b"ssh-ed25519"[..], &both] {
        bytes.extend_from_slice(&u32::try_from(field.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(field);
    }
    let file = dir.join(format!("dropbear_{name}"));
    fs::write(&file, bytes).unwrap();
    file
}

/// An agent with keys in it.
pub(crate) struct Agent {
    child: Child,
    socket: PathBuf,
}

impl Agent {
    /// Starts an agent in `dir` and gives it the keys of those names, in order.
    pub(crate) fn start(dir: &Path, names: &[&str]) -> Self {
        let socket = dir.join("agent.sock");
        let mut child = Command::new("ssh-agent")
            .arg("-D")
            .arg("-a")
            .arg(&socket)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It speaks once it listens.
        let mut line = String::new();
        let stdout = child.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let agent = Self { child, socket };
        for name in names {
            let file = save(&key(name), dir, name);
            let added = Command::new("ssh-add")
                .env("SSH_AUTH_SOCK", &agent.socket)
                .arg("-q")
                .arg(file)
                .status();
            assert!(added.unwrap().success());
        }
        agent
    }

    /// Where it listens.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
