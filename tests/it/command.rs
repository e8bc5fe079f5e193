//! The operator's commands: the shapes of their JSON, their exits, and whom
//! they obey.

use insta::assert_snapshot;
use ringdown_bbs::{
    app::invite::Draft,
    command::{self, Exit, Output},
    domain::{account::Role, actor::Actor, secret::Secret},
    mailer::Mailer,
    tui::{line::Size, screens::menu::Menu},
};
use serde_json::{Value, json};

use crate::world::{PASSWORD, World, key};

/// What an actor gets for a command, with a text that comes along.
async fn says(world: &World, actor: &Actor, line: &str, input: Option<&str>) -> Output {
    let order = command::parse_line(line).unwrap();
    command::run(&world.bbs, actor, order, input.map(str::to_owned)).await
}

/// What the console gets.
async fn ask(world: &World, line: &str) -> Output {
    let output = says(world, &world.console, line, None).await;
    assert_eq!(output.exit, Exit::Done, "{line}: {}", output.stderr);
    output
}

/// What the console gets in JSON.
async fn json_of(world: &World, line: &str) -> Value {
    let output = ask(world, &format!("{line} --json")).await;
    assert_eq!(output.stderr, "");
    serde_json::from_str(&output.stdout).unwrap()
}

/// The exit and the error of a command that fails.
async fn fails(world: &World, actor: &Actor, line: &str) -> (Exit, Value) {
    let output = says(world, actor, &format!("{line} --json"), None).await;
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!(output.stdout, "");
    (output.exit, error)
}

#[tokio::test]
async fn a_user_has_the_shape_that_scripts_know() {
    let world = World::new().await;
    let print = key("opal").key().fingerprint().to_string();
    assert_eq!(
        json_of(&world, "user show opal").await,
        json!({
            "handle": "opal", "status": "active", "role": "sysop", "origin": "operator",
            "email": null, "email_proven": false, "has_password": false,
            "keys": [{
                "fingerprint": print, "type": "ed25519", "label": "", "proven": false,
                "added_at": "2026-11-21T21:04:00Z", "last_used_at": null,
            }],
            "invited_by": null, "created_by": "console(1000)", "created_at": "2026-11-21T21:04:00Z",
            "status_at": "2026-11-21T21:04:00Z", "last_seen_at": null,
            "sessions": 0,
            "two_factor": { "on": false, "required": false, "hardware_keys": 0 },
            "letter": null, "letters": [], "activation": null,
        })
    );
    let list = json_of(&world, "user list").await;
    assert_eq!(list, json!([json_of(&world, "user show opal").await]));
    assert_eq!(
        json_of(&world, "user list --status pending").await,
        json!([])
    );
}

#[tokio::test]
async fn an_invite_for_somebody_is_made_and_given_more_time() {
    let world = World::new().await;
    let line = "invite create --email marta@example.org --handle marta_k --not-before 2d \
                --expires 3d --admission queue --message 'Bring your board.'";
    let made = json_of(&world, line).await;
    assert_eq!(made["state"], "frozen");
    assert_eq!(
        [
            &made["email"],
            &made["handle"],
            &made["admission"],
            &made["not_before"]
        ],
        [
            "marta@example.org",
            "marta_k",
            "queue",
            "2026-11-23T21:04:00Z"
        ]
    );
    assert_eq!(made["expires_at"], "2026-11-26T21:04:00Z");
    let shown = ask(&world, "invite show 1").await.stdout;
    assert!(
        shown.contains("marta@example.org, marta_k by name"),
        "{shown}"
    );
    let moss = world.create("moss", Role::Mod).await;
    let seen = says(&world, &moss, "invite list --json", None).await;
    assert!(!seen.stdout.contains("example.org"), "{}", seen.stdout);
    let dry = ask(&world, "invite extend 1 --expires 2w --dry-run").await;
    assert_eq!(dry.stdout, "inv-1: frozen until 2026-12-07 21:04Z\n");
    let longer = ask(&world, "invite extend 1 --expires 1w").await;
    assert_eq!(longer.stdout, "inv-1: frozen until 2026-11-30 21:04Z\n");
    let (exit, _) = fails(
        &world,
        &world.console,
        "invite create --not-before 2026-01-01",
    )
    .await;
    assert_eq!(exit, Exit::Usage);
    for line in [
        "invite create --email nobody",
        "invite create --email a@example.org --domain example.org",
    ] {
        assert_eq!(
            command::parse_line(line).unwrap_err().exit,
            Exit::Usage,
            "{line}"
        );
    }
}

#[tokio::test]
async fn an_applicant_can_be_asked_from_afar() {
    let world = World::new().await;
    let newbie = world.asks("newbie").await;
    let line = "user ask newbie --text 'Which opening?'";
    let dry = ask(&world, &format!("{line} --dry-run")).await;
    assert_eq!(dry.stdout, "newbie: pending, user\n");
    let shown = ask(&world, "user show newbie").await;
    assert!(
        !shown.stdout.contains("Which opening?"),
        "nothing was written"
    );
    assert_eq!(json_of(&world, line).await["status"], "pending");
    world
        .bbs
        .answer_staff(&newbie.actor, "The King's Gambit.")
        .await
        .unwrap();
    let shown = ask(&world, "user show newbie").await.stdout;
    assert!(shown.contains("console(1000): Which opening?"), "{shown}");
    assert!(shown.contains("newbie: The King's Gambit."), "{shown}");
    let (exit, _) = fails(&world, &world.console, "user ask opal --text Why").await;
    assert_eq!(exit, Exit::Conflict);
    let (exit, _) = fails(&world, &world.console, "user ask nobody --text Why").await;
    assert_eq!(exit, Exit::NotFound);
}

#[tokio::test]
async fn a_tree_is_shown_and_an_inviter_barred() {
    let world = World::new().await;
    world.set("invite_code_generators", "any_user").await;
    let ada = world.create("ada", Role::User).await;
    let code = says(&world, &ada, "invite create --json", None).await;
    let code: Value = serde_json::from_str(&code.stdout).unwrap();
    let mut form = world.form("bob");
    form.code = Secret::new(code["code"].as_str().unwrap().to_owned());
    world
        .bbs
        .register(&world.visit_of("bob"), form)
        .await
        .unwrap();
    says(&world, &ada, "invite create", None).await;
    assert_eq!(
        json_of(&world, "invite tree bob").await,
        json!({
            "handle": "bob", "above": ["ada"], "barred": null,
            "branch": [{
                "handle": "bob", "depth": 0, "status": "active", "let_in": 0, "codes": 0,
                "barred": false,
            }],
        })
    );
    let dry = ask(
        &world,
        "invite bar ada --reason 'Too many.' --revoke --dry-run",
    )
    .await;
    let barred = "ada may not invite any more; one code was revoked.\n";
    assert_eq!(dry.stdout, barred);
    let bar = ask(&world, "invite bar ada --reason 'Too many.' --revoke").await;
    assert_eq!(bar.stdout, barred);
    assert_eq!(
        ask(&world, "invite tree ada").await.stdout,
        "Came without an invite.\n\
         Barred from inviting by console(1000): Too many.\n\
         ada  active, 1 let in, 0 out, barred\n  bob  active, 0 let in, 0 out\n"
    );
    let (exit, error) = fails(&world, &ada, "invite create").await;
    assert_eq!(exit, Exit::Refused);
    assert_eq!(
        error["error"]["message"],
        "You may not invite at present: Too many."
    );
    ask(&world, "invite unbar ada").await;
    says(&world, &ada, "invite create", None).await;
    let all = json_of(&world, "invite revoke --issuer ada").await;
    assert_eq!(all, json!({"handle": "ada", "barred": false, "revoked": 1}));
    let (exit, _) = fails(&world, &ada, "invite tree bob").await;
    assert_eq!(exit, Exit::Refused);
}

#[tokio::test]
async fn cards_are_cut_from_pages_and_rows_are_read_by_programs() {
    let world = World::new().await;
    let made = "invite create --count 7 --message 'Bring your board.' --note 'chess, Sundays'";
    let cards = ask(&world, &format!("{made} --cards")).await.stdout;
    let first: Vec<_> = cards.lines().take(11).collect();
    assert_snapshot!("invite_card", first.join("\n"));
    assert_eq!(cards.lines().count(), 7 * 11);
    assert!(
        cards
            .lines()
            .skip(10)
            .step_by(11)
            .all(|line| line.starts_with("- - -"))
    );
    let rows = ask(&world, &format!("{made} --csv")).await.stdout;
    let rows: Vec<_> = rows.lines().collect();
    assert_eq!(rows[0], "id,code,ssh,expires_at,note");
    assert_eq!(rows.len(), 8);
    assert!(rows[1].starts_with("inv-8,") && rows[1].ends_with(",\"chess, Sundays\""));
    // The code of each works, and no two are the same.
    let codes: std::collections::BTreeSet<_> = rows[1..]
        .iter()
        .filter_map(|row| row.split(',').nth(1))
        .collect();
    assert_eq!(codes.len(), 7);
    for code in codes {
        world.bbs.preview_code(&world.visit(), code).await.unwrap();
    }
}

#[tokio::test]
async fn an_invite_tells_its_code_once() {
    let world = World::new().await;
    let made = json_of(
        &world,
        "invite create --uses 3 --expires 2w --note 'for the club'",
    )
    .await;
    let code = made["code"].as_str().unwrap();
    let ssh = made["ssh"].as_str().unwrap();
    assert_eq!(ssh, format!("ssh -p 2222 join-{code}@bbs.example.org"));
    let mut expected = json!({
        "id": "inv-1", "code": code, "ssh": ssh, "state": "live", "uses": 0, "max_uses": 3,
        "issuer": null, "note": "for the club", "message": "", "role": "user",
        "bound": false, "email": null, "domain": null, "handle": null, "activates": null, "admission": "auto",
        "created_at": "2026-11-21T21:04:00Z", "not_before": null,
        "expires_at": "2026-12-05T21:04:00Z", "redeemed_by": [], "by_letter": false,
        "letter": null,
    });
    assert_eq!(made, expected);
    let members = expected.as_object_mut().unwrap();
    members.remove("code");
    members.remove("ssh");
    assert_eq!(json_of(&world, "invite show 1").await, expected);
    assert_eq!(json_of(&world, "invite list").await, json!([expected]));

    let several = json_of(&world, "invite create --count 1").await;
    assert_eq!(several.as_array().unwrap().len(), 1);
    let revoked = json_of(&world, "invite revoke inv-1").await;
    assert_eq!(revoked["state"], "revoked");
    let (exit, _) = fails(&world, &world.console, "invite revoke inv-1").await;
    assert_eq!(exit, Exit::Refused);
    let (exit, error) = fails(&world, &world.console, "invite show inv-99").await;
    assert_eq!(exit, Exit::NotFound);
    assert_eq!(error["error"]["kind"], "not_found");
    let of_opal = json_of(&world, "invite list --issuer opal").await;
    assert_eq!(of_opal, json!([]));
    let (exit, _) = fails(&world, &world.console, "invite list --issuer nobody").await;
    assert_eq!(exit, Exit::NotFound);
}

#[tokio::test]
async fn a_setting_is_read_and_changed() {
    let world = World::new().await;
    let text = Some("Be kind.\nBe brief.\n");
    let set = says(
        &world,
        &world.console,
        "settings set house_rules --file -",
        text,
    )
    .await;
    assert_eq!(set.stdout, "Be kind.\nBe brief.\n");
    let mode = json_of(&world, "settings set registration_mode invite_only").await;
    assert_eq!(
        mode,
        json!({
            "key": "registration_mode", "value": "invite_only", "default": "sysop_approved",
            "help": "Who gets in: open, by invitation, by a sysop's decision, or nobody.",
            "changed_by": "console(1000)", "changed_at": "2026-11-21T21:04:00Z",
        })
    );
    assert_eq!(
        ask(&world, "settings get registration_mode").await.stdout,
        "invite_only\n"
    );
    let open = ask(&world, "settings set registration_mode open --dry-run").await;
    assert_eq!(open.stdout, "open\n");
    assert!(open.stderr.contains("Anyone who can reach this port"));
    assert_eq!(
        ask(&world, "settings get registration_mode").await.stdout,
        "invite_only\n"
    );
    let (exit, _) = fails(
        &world,
        &world.console,
        "settings set registration_mode maybe",
    )
    .await;
    assert_eq!(exit, Exit::Refused);
    let (exit, _) = fails(&world, &world.console, "settings get nonsense").await;
    assert_eq!(exit, Exit::NotFound);
}

#[tokio::test]
async fn each_of_several_has_its_own_result_and_the_worst_is_told() {
    let world = World::new().await;
    world.asks("ada").await;
    world.asks("bee").await;
    let output = says(
        &world,
        &world.console,
        "user approve ada opal nobody bee",
        None,
    )
    .await;
    assert_eq!(output.exit, Exit::Conflict);
    assert_eq!(output.stdout, "ada: active, user\nbee: active, user\n");
    let errors: Vec<_> = output.stderr.lines().collect();
    assert!(errors[0].starts_with("opal: "), "{errors:?}");
    assert!(errors[1].starts_with("nobody: Nobody here has that handle."));
    assert_eq!(errors.len(), 2);
}

#[tokio::test]
async fn an_account_goes_the_whole_way_by_commands() {
    let world = World::new().await;
    world.asks("ada").await;
    let stands = async |line: &str| json_of(&world, line).await["status"].clone();
    assert_eq!(stands("user approve ada --dry-run").await, "active");
    assert_eq!(stands("user show ada").await, "pending");
    assert_eq!(
        stands("user reject ada --code too_little").await,
        "rejected"
    );
    assert_eq!(stands("user reopen ada").await, "pending");
    assert_eq!(stands("user approve ada").await, "active");
    assert_eq!(
        stands("user suspend ada --reason 'too loud' --until 7d").await,
        "suspended"
    );
    assert_eq!(stands("user reactivate ada").await, "active");
    assert_eq!(json_of(&world, "user role ada mod").await["role"], "mod");
    let edited = json_of(&world, "user edit ada --email ada@example.org").await;
    assert_eq!(edited["email"], "ada@example.org");
    ask(&world, "user note ada --text 'met her at the club'").await;
    ask(&world, "user unlock ada").await;
    assert_eq!(json_of(&world, "user sessions ada --kill").await, json!([]));
    let shown = ask(&world, "user show ada").await.stdout;
    for part in [
        "I am ada and would like to join.",
        "met her at the club",
        "ada@example.org",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    let (exit, error) = fails(&world, &world.console, "user approve ada").await;
    assert_eq!(
        (exit, &error["error"]["kind"]),
        (Exit::Conflict, &json!("conflict"))
    );
    let past = "user suspend ada --reason x --until 2020-01-01";
    assert_eq!(fails(&world, &world.console, past).await.0, Exit::Usage);
    assert_eq!(
        fails(&world, &world.console, "user role opal user").await.0,
        Exit::Refused
    );
}

#[tokio::test]
async fn accounts_are_made_with_a_key_or_a_password_from_standard_input() {
    let world = World::new().await;
    let line = key("ada").key().to_openssh().to_owned();
    let dry = "user create ada --key - --role mod --dry-run --json";
    let wet = "user create ada --key - --role mod --json";
    let mut made = Vec::new();
    for command in [dry, wet] {
        let output = says(&world, &world.console, command, Some(&line)).await;
        made.push(serde_json::from_str::<Value>(&output.stdout).unwrap());
    }
    assert_eq!(made[0], made[1]);
    assert_eq!(made[1], json_of(&world, "user show ada").await);

    let password = format!("{PASSWORD}\n");
    let command = "user create bee --password-stdin";
    let output = says(&world, &world.console, command, Some(&password)).await;
    assert_eq!(output.stdout, "bee: active, user\n");
    let weak = says(
        &world,
        &world.console,
        "user create cat --password-stdin",
        Some("cat"),
    )
    .await;
    assert_eq!(weak.exit, Exit::Refused);
    let nothing = says(
        &world,
        &world.console,
        "user create cat --key cat.pub",
        None,
    )
    .await;
    assert_eq!(nothing.exit, Exit::Usage);

    let spare = key("spare").key().to_openssh().to_owned();
    let added = says(
        &world,
        &world.console,
        "user keys add bee --key -",
        Some(&spare),
    )
    .await;
    assert_eq!(added.exit, Exit::Done, "{}", added.stderr);
    let print = key("spare").key().fingerprint();
    let keys = json_of(&world, "user keys list bee").await;
    assert_eq!(keys[0]["fingerprint"], print.to_string());
    ask(&world, &format!("user keys remove bee {print}")).await;
    assert_eq!(json_of(&world, "user keys list bee").await, json!([]));
    let only = key("ada").key().fingerprint();
    let last = fails(
        &world,
        &world.console,
        &format!("user keys remove ada {only}"),
    )
    .await;
    assert_eq!(last.0, Exit::Refused);
}

#[tokio::test]
async fn commands_obey_the_rights_of_whoever_gives_them() {
    let world = World::new().await;
    let member = world.create("ada", Role::User).await;
    let helper = world.create("mia", Role::Mod).await;
    let waiting = world.asks("bee").await.actor;

    for line in ["help", "whoami", "user list"] {
        assert_eq!(
            fails(&world, &Actor::Guest, line).await.0,
            Exit::Refused,
            "{line}"
        );
    }
    let me = says(&world, &waiting, "whoami", None).await;
    assert_eq!(me.stdout, "bee: pending, user\n");
    assert_eq!(
        fails(&world, &waiting, "invite list").await.0,
        Exit::Refused
    );

    assert_eq!(fails(&world, &member, "user list").await.0, Exit::Refused);
    assert_eq!(fails(&world, &member, "claim").await.0, Exit::Refused);
    assert_eq!(
        fails(&world, &member, "invite create").await.0,
        Exit::Refused
    );
    let help = says(&world, &member, "help", None).await.stdout;
    assert!(
        help.contains("whoami") && !help.contains("invite"),
        "{help}"
    );

    world.set("invite_code_generators", "any_user").await;
    let help = says(&world, &member, "help", None).await.stdout;
    assert!(
        help.contains("invite create") && !help.contains("user approve"),
        "{help}"
    );
    assert_eq!(
        says(&world, &member, "invite create", None).await.exit,
        Exit::Done
    );
    ask(&world, "invite create").await;
    let own = says(&world, &member, "invite list --json", None)
        .await
        .stdout;
    let own: Value = serde_json::from_str(&own).unwrap();
    assert_eq!(own.as_array().unwrap().len(), 1);
    assert_eq!(own[0]["issuer"], "ada");

    ask(&world, "user edit ada --email ada@example.org").await;
    let seen = says(&world, &helper, "user show ada --json", None)
        .await
        .stdout;
    assert!(!seen.contains("example.org"), "{seen}");
}

#[tokio::test]
async fn u_a_decision_is_taken_back_from_the_command_line_as_well() {
    let world = World::new().await;
    world.asks("newbie").await;
    ask(&world, "user approve newbie").await;
    let dry = json_of(&world, "user undo newbie --dry-run").await;
    assert_eq!(dry["status"], "pending");
    let undone = ask(&world, "user undo newbie").await;
    assert_eq!(undone.stdout, "newbie: pending, user\n");
    let (exit, _) = fails(&world, &world.console, "user undo newbie").await;
    assert_eq!(exit, Exit::Conflict);
    let (exit, _) = fails(&world, &world.console, "user undo opal").await;
    assert_eq!(exit, Exit::Refused);
}

#[tokio::test]
async fn a_claim_line_is_made_for_the_console_while_nobody_runs_the_board() {
    let world = World::unclaimed().await;
    let claim = json_of(&world, "claim").await;
    assert!(claim["ssh"].as_str().unwrap().contains("claim-"));
    world.create("opal", Role::Sysop).await;
    assert_eq!(
        fails(&world, &world.console, "claim").await.0,
        Exit::Refused
    );
}

#[tokio::test]
async fn a_dry_run_leaves_nothing_behind_and_shows_no_code() {
    let world = World::new().await;
    let dry = json_of(&world, "invite create --dry-run").await;
    assert_eq!(dry["code"], Value::Null);
    assert_eq!(json_of(&world, "invite list").await, json!([]));
    let ran = ask(&world, "invite create --dry-run").await;
    assert!(ran.stderr.contains("nothing was changed"), "{}", ran.stderr);
    let (exit, _) = fails(
        &world,
        &world.console,
        "invite create --expires 900d --dry-run",
    )
    .await;
    assert_eq!(exit, Exit::Refused);
}

#[tokio::test]
async fn a_test_letter_goes_to_a_sysop_and_every_other_way_says_why_not() {
    let (mailer, inbox) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    ask(&world, "user edit opal --email opal@example.org").await;
    world.create("ada", Role::User).await;
    world.create("pearl", Role::Sysop).await;
    let opal = world.actor("opal").await;

    let console = &world.console;
    for (actor, line, exit, says) in [
        (console, "mail test", Exit::Usage, "mail test HANDLE"),
        (console, "mail test nobody", Exit::NotFound, "Nobody here"),
        (console, "mail test ada", Exit::Refused, "active sysops"),
        (console, "mail test pearl", Exit::Refused, "no e-mail"),
        (&opal, "mail test pearl", Exit::Refused, "not do that"),
    ] {
        let (ended, error) = fails(&world, actor, line).await;
        let message = error["error"]["message"].as_str().unwrap();
        assert_eq!(ended, exit, "{line}: {message}");
        assert!(message.contains(says), "{line}: {message}");
    }
    assert!(inbox.lock().unwrap().is_empty());

    for (actor, line) in [
        (console, "mail test opal"),
        (&opal, "mail test opal"),
        (&opal, "mail test"),
    ] {
        let output = says(&world, actor, line, None).await;
        assert_eq!(output.exit, Exit::Done, "{line}: {}", output.stderr);
    }
    assert_eq!(inbox.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn user_totp_demands_it_and_takes_it_off() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let off = json!({ "handle": "ada", "on_since": null, "required": false, "backup_codes": 0 });
    let required =
        json!({ "required": true, "on_since": null, "handle": "ada", "backup_codes": 0 });
    let dry = json_of(&world, "user totp require ada --dry-run").await;
    assert_eq!(dry, required);
    assert_eq!(json_of(&world, "user totp require ada --off").await, off);
    assert_eq!(json_of(&world, "user totp require ada").await, required);
    let (exit, _) = fails(&world, &world.console, "user totp reset ada --reason x").await;
    assert_eq!(exit, Exit::Refused);
    let offer = world.bbs.offer_factor(&ada).unwrap();
    let code = offer.secret().code_of(world.bbs.clock().now()).digits();
    let on = world
        .bbs
        .switch_factor_on(&ada, &offer, &Secret::new(code))
        .await;
    assert_eq!(on.unwrap().len(), 10);
    let shown = ask(&world, "user show ada").await.stdout;
    let line = "on since 2026-11-21 21:04Z, 10 backup codes left; required";
    assert!(shown.contains(line), "{shown}");
    let (exit, _) = fails(&world, &ada, "user totp reset opal --reason x").await;
    assert_eq!(exit, Exit::Refused);
    let reset = ask(&world, "user totp reset ada --reason Lost")
        .await
        .stdout;
    assert_eq!(reset, "ada: off; required\n");
}

#[tokio::test]
async fn p16_user_reset_tells_a_code_once_and_takes_it_back() {
    let world = World::new().await;
    world.create("ada", Role::User).await;
    let made = json_of(&world, "user reset ada").await;
    let code = made["code"].as_str().unwrap();
    let ssh = format!("ssh -p 2222 recover-{code}@bbs.example.org");
    let expected = json!({
        "handle": "ada", "code": code, "ssh": ssh, "expires_at": "2026-11-21T22:04:00Z",
        "letter": null,
    });
    assert_eq!(made, expected);
    let revoked = ask(&world, "user reset ada --revoke").await.stdout;
    assert_eq!(revoked, "ada: the code works no longer\n");
    let again = ask(&world, "user reset ada --revoke").await.stdout;
    assert_eq!(again, "ada: there was no code\n");
    let dry = json_of(&world, "user reset ada --dry-run").await;
    assert_eq!(dry["code"], Value::Null);
    let (exit, _) = fails(&world, &world.console, "user reset ada --mail").await;
    assert_eq!(exit, Exit::Refused);
    let (exit, _) = fails(&world, &world.console, "user reset nobody").await;
    assert_eq!(exit, Exit::NotFound);
}

#[tokio::test]
async fn one_session_of_somebody_is_ended_and_the_others_stay() {
    let world = World::new().await;
    let ada = world.create("ada", Role::User).await;
    let bob = world.create("bob", Role::User).await;
    let first = world.on_line(Size::USUAL, ada.clone(), Menu::new()).await;
    let second = world.on_line(Size::USUAL, ada, Menu::new()).await;
    let other = world.on_line(Size::USUAL, bob, Menu::new()).await;
    let listed = json_of(&world, "user sessions ada").await;
    let [_, last] = &listed.as_array().unwrap()[..] else {
        panic!("{listed}");
    };
    let of_bob = json_of(&world, "user sessions bob").await[0]["id"].clone();
    let kill = |handle: &str, id: &Value| format!("user sessions {handle} --kill {id}");
    let dry = format!("{} --dry-run", kill("ada", &last["id"]));
    let said = ask(&world, &dry).await.stderr;
    assert!(said.ends_with("One session was ended.\n"), "{said}");
    assert!(!second.is_cut());
    // Nobody's is ended under another's name.
    let (exit, _) = fails(&world, &world.console, &kill("ada", &of_bob)).await;
    assert_eq!(exit, Exit::NotFound);
    let ended = ask(&world, &format!("{} --json", kill("ada", &last["id"]))).await;
    let ended: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(ended, json!([last]));
    assert!(second.is_cut() && !first.is_cut() && !other.is_cut());
    ask(&world, "user sessions ada --kill").await;
    assert!(first.is_cut() && !other.is_cut());
    assert!(command::parse_line("user sessions ada --kill bob").is_err());
}

#[tokio::test]
async fn mods_get_a_list_without_a_column_of_addresses() {
    let world = World::new().await;
    let gus = world.create("gus", Role::Mod).await;
    world.address("gus", "gus@example.org").await;
    let opal = world.actor("opal").await;
    let whole = says(&world, &opal, "user list", None).await.stdout;
    assert!(whole.contains("E-MAIL") && whole.contains("gus@example.org"));
    let part = says(&world, &gus, "user list", None).await.stdout;
    assert!(
        part.contains("LAST CALL") && !part.contains("E-MAIL"),
        "{part}"
    );
    assert!(!part.contains('@'), "{part}");
}

#[tokio::test]
async fn several_invites_in_a_dry_run_have_numbers_of_their_own() {
    let world = World::new().await;
    let made = json_of(&world, "invite create --count 3 --dry-run").await;
    let made = made.as_array().unwrap().iter();
    let dry: Vec<_> = made.map(|one| one["id"].clone()).collect();
    assert_eq!(dry, ["inv-1", "inv-2", "inv-3"]);
    let made = ask(&world, "invite create --count 3 --json").await.stdout;
    let made: Value = serde_json::from_str(&made).unwrap();
    let made = made.as_array().unwrap().iter();
    assert_eq!(made.map(|one| one["id"].clone()).collect::<Vec<_>>(), dry);
}

#[tokio::test]
async fn t5_user_verify_waives_the_proof_and_says_what_became_of_them() {
    let (mailer, _) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    world.set("require_email_verification", "on").await;
    world.asks_from("newbie", "newbie@example.org").await;
    let waive = "user verify newbie --waive --text 'met her'";
    let dry = json_of(&world, &format!("{waive} --dry-run")).await;
    assert_eq!(
        (&dry["status"], &dry["email_proven"]),
        (&json!("pending"), &json!(false))
    );
    let still = json_of(&world, "user show newbie").await;
    assert_eq!(still["status"], "unverified");
    let done = json_of(&world, waive).await;
    assert_eq!(
        (&done["status"], &done["email_proven"]),
        (&json!("pending"), &json!(false))
    );
    assert_eq!(done["letter"]["kind"], "request_received");
    let (exit, error) = fails(&world, &world.console, waive).await;
    assert_eq!(
        (exit, &error["error"]["kind"]),
        (Exit::Conflict, &json!("conflict"))
    );
    for wanting in ["--text why", "--waive"] {
        let line = format!("user verify newbie {wanting}");
        assert!(command::parse_line(&line).is_err(), "{line}");
    }
}

#[tokio::test]
async fn a_user_says_who_let_them_in_and_what_they_were_written() {
    let (mailer, _) = Mailer::memory("ringdown@bbs.example.org").unwrap();
    let world = World::with_mail(mailer).await;
    let opal = world.actor("opal").await;
    world.asks_from("newbie", "newbie@example.org").await;
    let before = json_of(&world, "user show newbie").await;
    assert_eq!(before["created_by"], Value::Null);
    let approved = says(&world, &opal, "user approve newbie --json", None).await;
    let approved: Value = serde_json::from_str(&approved.stdout).unwrap();
    let shown = json_of(&world, "user show newbie").await;
    assert_eq!(approved, shown);
    assert_eq!(shown["created_by"], "opal");
    let letters = shown["letters"].as_array().unwrap().iter();
    let kinds: Vec<_> = letters.map(|letter| letter["kind"].clone()).collect();
    assert_eq!(kinds, ["approved", "request_received"]);
    // By an invite alone, and by a console.
    let invite = world.bbs.create_invite(&opal, Draft::default()).await;
    let mut form = world.form("marta");
    form.code = invite.unwrap().code;
    world
        .bbs
        .register(&world.visit_of("marta"), form)
        .await
        .unwrap();
    let marta = json_of(&world, "user show marta").await;
    assert_eq!(marta["created_by"], "opal");
    // Mods read no letters: they name addresses.
    let gus = world.create("gus", Role::Mod).await;
    let seen = says(&world, &gus, "user show newbie --json", None).await;
    let seen: Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(
        (&seen["letters"], &seen["email"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(seen["created_by"], "opal");
}

#[tokio::test]
async fn t17_a_role_that_is_asked_for_twice_is_on_record_once() {
    let world = World::new().await;
    world.create("ada", Role::User).await;
    assert_eq!(json_of(&world, "user role ada mod").await["role"], "mod");
    let (exit, error) = fails(&world, &world.console, "user role ada mod").await;
    assert_eq!(exit, Exit::Conflict);
    assert_eq!(error["error"]["message"], "They are a mod already.");
    let history = json_of(&world, "user history ada").await;
    let acts = history.as_array().unwrap().iter();
    let roles = acts.filter(|act| act["action"] == "account.role");
    assert_eq!(roles.count(), 1, "{history}");
}
