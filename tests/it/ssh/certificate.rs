//! Certificates as `ssh-keygen -s` makes them and `ssh` brings them along.

use std::{fs, path::Path, process::Command};

use super::{
    board::{Board, text},
    call::Call,
    client::{Client, output},
    journey::WELCOME,
    keyring,
};

/// A board that trusts the authority in `ca`, and a bearer with a key of theirs.
async fn trusting() -> Board {
    let board = Board::new().await;
    for name in ["ca", "other_ca", "bearer"] {
        keyring::save(&keyring::key(name), board.home(), name);
    }
    let authority = board.key_file("ca").with_extension("pub");
    let authority = authority.to_str().unwrap();
    board.operator(&["settings", "set", "trusted_user_cas", "--file", authority]);
    board
}

/// Signs the bearer's key; `ssh` finds the certificate beside it.
fn sign(board: &Board, ca: &str, args: &[&str]) {
    let bearer = board.key_file("bearer").with_extension("pub");
    let signed = Command::new("ssh-keygen")
        .args(["-q", "-I", "bearer@test", "-z", "17"])
        .arg("-s")
        .arg(board.key_file(ca))
        .args(args)
        .arg(&bearer)
        .output();
    let signed = signed.unwrap();
    assert!(signed.status.success(), "{args:?}: {}", text(signed.stderr));
    assert!(certificate(board).exists());
}

fn certificate(board: &Board) -> std::path::PathBuf {
    let bearer = board.key_file("bearer");
    Path::new(&format!("{}-cert.pub", bearer.display())).to_owned()
}

/// What `whoami` says to the bearer who calls that name.
async fn whoami(board: &Board, name: &str) -> Option<String> {
    let ssh = Client::ssh(board)?.with_key(&board.key_file("bearer"));
    let mut client = ssh.to(name);
    client.arg("whoami");
    let said = output(client).await;
    Some(text(said.stdout))
}

#[tokio::test]
async fn a_good_certificate_lets_its_bearer_in_and_every_other_does_not() {
    let board = trusting().await;
    sign(&board, "ca", &["-n", "opal"]);
    let Some(said) = whoami(&board, "opal").await else {
        return;
    };
    assert_eq!(said, "opal: active, sysop\n");
    let audit = board.operator(&["audit", "--object", "opal"]);
    assert!(audit.contains("came by certificate as opal"), "{audit}");
    assert!(audit.contains("bearer@test, serial 17"), "{audit}");
    // It is for opal, and without it the key is nobody's.
    assert_eq!(whoami(&board, "somebody").await.unwrap(), "");
    for (ca, args) in [
        ("other_ca", &["-n", "opal"][..]),
        ("ca", &["-n", "ada"]),
        ("ca", &[]),
        ("ca", &["-n", "opal", "-V", "20200101:20200102"]),
        ("ca", &["-n", "opal", "-V", "20990101:20990102"]),
        ("ca", &["-n", "opal", "-h"]),
        ("ca", &["-n", "opal", "-O", "source-address=192.0.2.0/24"]),
        ("ca", &["-n", "opal", "-O", "force-command=/bin/true"]),
        (
            "ca",
            &["-n", "opal", "-O", "critical:made-up@example.org=1"],
        ),
    ] {
        sign(&board, ca, args);
        assert_eq!(whoami(&board, "opal").await.unwrap(), "", "{ca} {args:?}");
    }
    sign(
        &board,
        "ca",
        &["-n", "opal", "-O", "source-address=127.0.0.0/8"],
    );
    assert_eq!(
        whoami(&board, "opal").await.unwrap(),
        "opal: active, sysop\n"
    );
    board.operator(&["policy", "certificate", "add", "serial:17"]);
    assert_eq!(whoami(&board, "opal").await.unwrap(), "");
    board.operator(&["policy", "certificate", "remove", "serial:17"]);
    board.set("trusted_user_cas", "");
    assert_eq!(whoami(&board, "opal").await.unwrap(), "");
    fs::remove_file(certificate(&board)).unwrap();
}

#[tokio::test]
async fn a_certificate_for_nobody_yet_leads_to_the_wizard() {
    let board = trusting().await;
    sign(&board, "ca", &["-n", "carla"]);
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let ssh = ssh.with_key(&board.key_file("bearer"));
    let mut call = Call::on_terminal(ssh.to("carla"));
    call.until("a certificate for carla").await;
    call.types("\x1b").await;
    call.until(WELCOME).await;
    call.types("q").await;
    assert_eq!(call.ended().await.exit, Some(0));
}

/// Whoever has the certificate and not the key in it can't sign.
#[tokio::test]
async fn threat_18_a_certificate_without_its_key_opens_nothing() {
    let board = trusting().await;
    sign(&board, "ca", &["-n", "opal"]);
    let thief = keyring::save(&keyring::key("thief"), board.home(), "thief");
    let Some(ssh) = Client::ssh(&board) else {
        return;
    };
    let stolen = format!("CertificateFile={}", certificate(&board).display());
    let ssh = ssh.with_key(&thief).args(["-o", &stolen]);
    let mut client = ssh.to("opal");
    client.arg("whoami");
    assert_eq!(text(output(client).await.stdout), "");
}
