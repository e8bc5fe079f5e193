//! Many at once, and the plug pulled: proved by repetition.

use super::{
    board::Board,
    journey::{ENTER, MENU, at_the_last_step},
    keyring,
    line::Caller,
};

#[tokio::test]
async fn one_code_and_forty_callers_at_once_make_one_account() {
    const CALLERS: usize = 40;
    let board = Board::new().await;
    board.set("registration_mode", "invite_only");
    let code = board.invite();
    let mut calls = Vec::new();
    for n in 0..CALLERS {
        calls.push(at_the_last_step(&board, &code, &format!("caller{n}")).await);
    }
    for call in &mut calls {
        call.types(ENTER).await;
    }
    let mut inside = 0;
    for call in &mut calls {
        let ends = [MENU, "Meanwhile your invite stopped working."];
        inside += usize::from(call.until_any(&ends).await == MENU);
    }
    assert_eq!(inside, 1);
    // Opal and the one.
    assert_eq!(board.users().len(), 2);
    let invite = &board.invites()[0];
    assert_eq!(invite["uses"], 1);
}

#[tokio::test]
async fn a_board_that_is_killed_keeps_whole_accounts_or_none() {
    const ROUNDS: usize = 8;
    let mut board = Board::new().await;
    board.set("registration_mode", "invite_only");
    for round in 0..ROUNDS {
        let handle = format!("caller{round}");
        let code = board.invite();
        let mut call = at_the_last_step(&board, &code, &handle).await;
        call.types(ENTER).await;
        // Sometimes before anything has happened, sometimes in the middle,
        // sometimes after.
        for _ in 0..round % 3 {
            call.hears().await;
        }
        board.kill();
        drop(call);
        board.restart().await;

        let uses = board.invites()[0]["uses"].as_i64().unwrap();
        if let Some(user) = board.user(&handle) {
            assert_eq!(uses, 1, "round {round}");
            assert_eq!(user["status"], "active", "round {round}");
            assert_eq!(user["keys"].as_array().unwrap().len(), 1, "round {round}");
            let again = Caller::new("anybody").with_key(keyring::key(&handle));
            again.call(&board).await.until(MENU).await;
        } else {
            assert_eq!(uses, 0, "round {round}");
            let mut again = at_the_last_step(&board, &code, &handle).await;
            again.types(ENTER).await;
            again.until(MENU).await;
        }
    }
}
