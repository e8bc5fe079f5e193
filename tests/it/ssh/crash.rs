//! The plug is pulled while many write: whatever somebody saw done is there
//! afterwards, and nothing is there by half.

use std::{net::SocketAddr, path::PathBuf, process::Stdio};

use serde_json::Value;
use tokio::{
    sync::{mpsc, watch},
    task::{JoinSet, spawn_blocking},
};

use super::{
    board::{Board, executable},
    call::{Call, in_time},
    journey::{ENTER, MENU, at_the_last_step},
    keyring,
    line::{Caller, Said},
};

/// How often the plug is pulled.
const ROUNDS: usize = 8;

/// Sysops who make invites. Each has their own lines.
const INVITING: [&str; 3] = ["iris", "ivan", "ines"];

/// The sysop who turns one setting, to a higher number every time.
const SETTING: &str = "sara";

/// The setting that is turned.
const TURNED: &str = "queue_age_hours";

/// Callers who press the last key of the wizard, all with one code.
const JOINING: usize = 3;

/// Something a caller saw done.
#[derive(Debug)]
enum Done {
    /// An invite with this note was made.
    Invite(String),
    /// The setting has this value.
    Set(u64),
    /// There is an account of this handle.
    Account(String),
}

/// Everything that somebody saw done.
#[derive(Default)]
struct Seen {
    invites: Vec<String>,
    accounts: Vec<String>,
    set: u64,
}

impl Seen {
    fn note(&mut self, done: Done) {
        match done {
            Done::Invite(note) => self.invites.push(note),
            Done::Account(handle) => self.accounts.push(handle),
            Done::Set(value) => self.set = self.set.max(value),
        }
    }
}

/// Those who write in one round, until the board is gone.
struct Hands {
    board: SocketAddr,
    data: PathBuf,
    round: usize,
    done: mpsc::Sender<Done>,
    /// Closed when the plug is pulled: who sits at the host would go on without
    /// the process.
    power: watch::Receiver<()>,
    at_work: JoinSet<()>,
}

impl Hands {
    /// Somebody makes numbered invites over SSH.
    fn invite(&mut self, who: &'static str) {
        let (board, round, done) = (self.board, self.round, self.done.clone());
        self.at_work.spawn(async move {
            let caller = Caller::new(who).with_key(keyring::key(who));
            for n in 0.. {
                let note = format!("{who}-{round}-{n}");
                let command = format!("invite create --note {note} --json");
                let Some(said) = done_by(&caller, board, &command).await else {
                    return;
                };
                let invite: Value = serde_json::from_slice(&said.stdout).unwrap();
                assert_eq!(invite["note"], note.as_str());
                done.send(Done::Invite(note)).await.unwrap();
            }
        });
    }

    /// Somebody turns a setting over SSH.
    fn turn(&mut self, from: u64) {
        let (board, done) = (self.board, self.done.clone());
        self.at_work.spawn(async move {
            let caller = Caller::new(SETTING).with_key(keyring::key(SETTING));
            for value in from + 1.. {
                let command = format!("settings set {TURNED} {value}");
                if done_by(&caller, board, &command).await.is_none() {
                    return;
                }
                done.send(Done::Set(value)).await.unwrap();
            }
        });
    }

    /// Somebody at the host makes accounts over the socket.
    fn create(&mut self) {
        let (data, round, done) = (self.data.clone(), self.round, self.done.clone());
        let power = self.power.clone();
        self.at_work.spawn(async move {
            for n in 0.. {
                let handle = format!("made{round}-{n}");
                let file = keyring::save(&keyring::key(&handle), &data, &handle);
                let mut create = executable(&data);
                create
                    .args(["user", "create", &handle, "--key"])
                    .arg(file.with_extension("pub"))
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null());
                let created = spawn_blocking(move || create.status().unwrap());
                if !created.await.unwrap().success() {
                    return;
                }
                done.send(Done::Account(handle)).await.unwrap();
                if power.has_changed().is_err() {
                    return;
                }
            }
        });
    }

    /// Somebody presses the last key of the wizard.
    fn join(&mut self, mut call: Call, handle: String) {
        let done = self.done.clone();
        self.at_work.spawn(async move {
            call.types(ENTER).await;
            if call.sees(MENU).await {
                done.send(Done::Account(handle)).await.unwrap();
            }
        });
    }
}

/// Runs a command; returns what it said if the caller saw it done.
async fn done_by(caller: &Caller, board: SocketAddr, command: &str) -> Option<Said> {
    let said = caller.runs(board, command, "").await.ok()?;
    (said.exit == Some(0)).then_some(said)
}

#[tokio::test]
async fn threat_39_what_somebody_saw_done_is_there_after_the_plug_was_pulled() {
    let mut board = Board::new().await;
    for who in INVITING.into_iter().chain([SETTING]) {
        board.create(who, "sysop");
    }
    board.set("registration_mode", "invite_only");
    board.set(TURNED, "1");
    let mut seen = Seen {
        set: 1,
        ..Seen::default()
    };
    for round in 0..ROUNDS {
        let uses = JOINING.to_string();
        let made = board.operator(&["invite", "create", "--uses", &uses, "--json"]);
        let made: Value = serde_json::from_str(&made).unwrap();
        let code = made["code"].as_str().unwrap();
        let (done, mut deeds) = mpsc::channel(64);
        let (on, power) = watch::channel(());
        let mut hands = Hands {
            board: board.address(),
            data: board.home().to_owned(),
            round,
            done,
            power,
            at_work: JoinSet::new(),
        };
        for n in 0..JOINING {
            let handle = format!("joined{round}-{n}");
            let call = at_the_last_step(&board, code, &handle).await;
            hands.join(call, handle);
        }
        hands.turn(seen.set);
        hands.create();
        for who in INVITING {
            hands.invite(who);
        }
        // Sooner or later in their work, and in the midst of it.
        for _ in 0..=round * 3 {
            seen.note(in_time("something done", deeds.recv()).await.unwrap());
        }
        board.kill();
        drop(on);
        let Hands { at_work, done, .. } = hands;
        drop(done);
        while let Some(done) = in_time("the last thing done", deeds.recv()).await {
            seen.note(done);
        }
        at_work.join_all().await;
        board.restart().await;
        assert_kept(&board, &seen);
        assert_whole(&board);
    }
}

/// Fails unless whatever was seen is there.
fn assert_kept(board: &Board, seen: &Seen) {
    let (invites, users) = (board.invites(), board.users());
    for note in &seen.invites {
        let same = invites.iter().filter(|invite| invite["note"] == **note);
        assert_eq!(same.count(), 1, "{note} was seen done");
    }
    for handle in &seen.accounts {
        let user = users.iter().find(|user| user["handle"] == **handle);
        assert_eq!(
            user.map(|user| &user["status"]),
            Some(&Value::from("active")),
            "{handle} was seen inside"
        );
    }
    assert!(value(board) >= seen.set, "{} was seen set", seen.set);
}

/// Fails if there is a deed without its record, a record without its deed, or
/// an account without what belongs to it.
fn assert_whole(board: &Board) {
    let records = board.operator(&["audit", "--limit", "100000", "--json"]);
    let records: Vec<Value> = serde_json::from_str(&records).unwrap();
    let objects = |actions: &[&str]| {
        let done = |record: &&Value| actions.contains(&record["action"].as_str().unwrap());
        let mut objects: Vec<_> = records.iter().filter(done).map(last_word).collect();
        objects.sort_unstable();
        objects
    };
    let named = |things: &[Value], name: &str| {
        let mut names: Vec<_> = things
            .iter()
            .map(|thing| thing[name].as_str().unwrap().to_owned())
            .collect();
        names.sort_unstable();
        names
    };
    let (invites, users) = (board.invites(), board.users());
    assert_eq!(objects(&["invite.create"]), named(&invites, "id"));
    let accounts = named(&users, "handle");
    assert_eq!(objects(&["account.create", "account.register"]), accounts);
    assert_eq!(objects(&["key.add"]), accounts);
    let joined = users.iter().filter(|user| user["origin"] == "invite");
    let used = invites
        .iter()
        .map(|invite| invite["uses"].as_u64().unwrap());
    assert_eq!(joined.count() as u64, used.sum::<u64>());
    let mut newest = records.iter();
    let turned = newest.find(|record| last_word(record) == TURNED).unwrap();
    assert_eq!(turned["after"], value(board).to_string());

    let report = board.command(&["doctor", "--json"]);
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let checks = report["checks"].as_array().unwrap();
    let bad: Vec<_> = checks.iter().filter(|one| one["level"] == "bad").collect();
    assert!(bad.is_empty(), "{bad:?}");
}

/// What something was done to: a handle, a setting, an invite.
fn last_word(record: &Value) -> String {
    let object = record["object"].as_str().unwrap();
    object.split_whitespace().last().unwrap().to_owned()
}

/// What the setting is.
fn value(board: &Board) -> u64 {
    let value = board.operator(&["settings", "get", TURNED]);
    value.trim().parse().unwrap()
}
