//! Programs as sysops write them, and as they should not.

use std::{fs, os::unix::fs::PermissionsExt as _};

use tempfile::TempDir;

use super::*;

/// A directory with a program in it.
struct Shop {
    dir: TempDir,
}

impl Shop {
    fn with(script: &str) -> Self {
        let shop = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        fs::write(shop.script(), script).unwrap();
        shop
    }

    fn script(&self) -> PathBuf {
        self.dir.path().join("tell")
    }

    /// The shell runs the script: a file that was just written may be busy for
    /// as long as another test starts a program.
    fn notifier(&self, arguments: &[&str], limit: Duration) -> Notifier {
        let script = self.script().display().to_string();
        notifier(&[&["/bin/sh", &script], arguments].concat(), limit)
    }

    /// Returns what the program left in a file.
    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.dir.path().join(name)).unwrap()
    }

    async fn tell(&self) -> Result<(), String> {
        let told = self.notifier(&[], LIMIT).tell(&message()).await;
        told.map_err(|failure| failure.to_string())
    }
}

fn notifier(command: &[&str], limit: Duration) -> Notifier {
    let command: Vec<_> = command.iter().map(|&word| word.to_owned()).collect();
    let path = "/usr/local/bin:/usr/bin:/bin".to_owned();
    Notifier::new(&command, vec![("PATH", path)], limit).unwrap()
}

fn message() -> Message {
    Message::of(Facts {
        news: News::RequestWaits,
        board: "Harbour \"Lights\"\n".into(),
        at: Timestamp::UNIX_EPOCH,
        names: vec!["newbie".into(), "marta_k".into()],
        more: 0,
        line: "ssh -p 2222 bbs.example.org".into(),
    })
}

/// Waits until a process is gone, or nothing but the entry of one that ended.
async fn gone(pid: &str) {
    let stat = format!("/proc/{}/stat", pid.trim());
    let is_alive = || fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
    let gone = async {
        while is_alive() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, gone).await.unwrap();
}

#[tokio::test]
async fn a_program_is_told_one_line_of_json_and_its_arguments_as_they_are() {
    let shop = Shop::with(r#"cd "${0%/*}"; cat > told; printf '%s\n' "$@" > arguments; echo out"#);
    let notifier = shop.notifier(&["--room", "$HOME; rm *"], LIMIT);
    notifier.tell(&message()).await.unwrap();
    let told = shop.file("told");
    assert_eq!(told.lines().count(), 1, "{told}");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        told,
        serde_json::json!({
            "event": "request_waits",
            "board": "Harbour \"Lights\"\n",
            "at": "1970-01-01T00:00:00Z",
            "text": "newbie and marta_k wait to be let in.",
            "handles": ["newbie", "marta_k"],
            "ssh": "ssh -p 2222 bbs.example.org",
        })
    );
    assert_eq!(shop.file("arguments"), "--room\n$HOME; rm *\n");
}

#[tokio::test]
async fn threat_49_a_program_gets_nothing_of_the_environment_but_what_it_needs() {
    let shop = Shop::with(r#"cd "${0%/*}"; /usr/bin/env > env"#);
    shop.tell().await.unwrap();
    let env = shop.file("env");
    let names: Vec<_> = env
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        // The shell's own.
        .filter(|name| !["PWD", "OLDPWD", "SHLVL", "_"].contains(name))
        .collect();
    assert_eq!(names, ["PATH"], "{env}");
}

#[tokio::test]
async fn a_program_that_fails_says_why() {
    let shop = Shop::with("echo \"no \u{1b}[31mroom\" >&2; exit 3");
    let failed = "it ended with exit status: 3: no [31mroom";
    assert_eq!(shop.tell().await, Err(failed.to_owned()));
    let killed = Shop::with("kill -9 $$").tell().await.unwrap_err();
    assert!(killed.contains("signal: 9"), "{killed}");
}

#[tokio::test]
async fn much_that_is_said_is_read_and_little_of_it_kept() {
    let shop = Shop::with("head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1");
    let said = shop.tell().await.unwrap_err();
    assert!(said.ends_with(&"x".repeat(200)), "{said}");
    assert_eq!(said.matches('x').count(), 201, "one is of `exit`");
}

#[tokio::test]
async fn a_program_need_not_read_what_it_is_told() {
    assert_eq!(Shop::with("exec 0<&-; exit 0").tell().await, Ok(()));
}

#[tokio::test]
async fn a_program_that_hangs_is_ended_with_all_it_started() {
    let shop = Shop::with("cd \"${0%/*}\"; echo hm >&2; sleep 600 & echo $! > child; wait");
    let hasty = shop.notifier(&[], Duration::from_millis(300));
    let failure = hasty.tell(&message()).await.unwrap_err();
    assert!(matches!(failure, Failure::Slow { .. }), "{failure}");
    assert!(failure.to_string().ends_with("s: hm"), "{failure}");
    gone(&shop.file("child")).await;
}

#[tokio::test]
async fn what_a_program_leaves_running_ends_with_it() {
    let shop = Shop::with("cd \"${0%/*}\"; sleep 600 & echo $! > child");
    assert_eq!(shop.tell().await, Ok(()));
    gone(&shop.file("child")).await;
}

#[tokio::test]
async fn giving_up_ends_a_program_at_once() {
    let shop = Shop::with("cd \"${0%/*}\"; mkfifo hole; echo $$ > pid; read line < hole");
    let notifier = shop.notifier(&[], LIMIT);
    let pid = {
        let message = message();
        let mut attempt = Box::pin(notifier.tell(&message));
        let pid = shop.dir.path().join("pid");
        loop {
            tokio::select! {
                biased;
                ended = &mut attempt => panic!("{ended:?}"),
                () = tokio::task::yield_now() => {}
            }
            match fs::read_to_string(&pid) {
                Ok(pid) if pid.ends_with('\n') => break pid,
                _ => {}
            }
        }
    };
    gone(&pid).await;
}

#[test]
fn what_cannot_be_started_is_said_before_it_is_tried() {
    let shop = Shop::with("exit 0");
    let missing = |command: &str| notifier(&[command], LIMIT).check().unwrap_err();
    let here = |name: &str| shop.dir.path().join(name).display().to_string();
    for (command, problem) in [
        (here("gone"), Problem::Missing(here("gone"))),
        (here(""), Problem::Forbidden(here(""))),
        ("bin/tell".into(), Problem::Relative("bin/tell".into())),
        ("./tell".into(), Problem::Relative("./tell".into())),
        (String::new(), Problem::Relative(String::new())),
        ("..".into(), Problem::Relative("..".into())),
        (
            "no-such-tell".into(),
            Problem::Nowhere("no-such-tell".into()),
        ),
    ] {
        assert_eq!(missing(&command), problem);
    }
    assert!(notifier(&["sh"], LIMIT).check().unwrap().is_absolute());
    fs::set_permissions(shop.script(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(notifier(&[&here("tell")], LIMIT).check().is_ok());
    fs::set_permissions(shop.script(), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(missing(&here("tell")), Problem::Forbidden(here("tell")));
    assert!(Notifier::new(&[], Vec::new(), LIMIT).is_none());
}
