//! What callers do, step by step, and the words by which they know where they
//! are.

use super::{board::Board, call::Call, keyring, line::Caller};

/// On the welcome screen.
pub(crate) const WELCOME: &str = "look round as a guest";
/// On the screen of guests.
pub(crate) const GUEST: &str = "Looking round";
/// In the main menu.
pub(crate) const MENU: &str = "Main menu";
/// In the waiting room.
pub(crate) const WAITING: &str = "Waiting room";

pub(crate) const ENTER: &str = "\r";
pub(crate) const DOWN: &str = "\x1b[B";
pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_S: &str = "\x13";

/// Brings a new caller with a code to the last step of the wizard.
pub(crate) async fn at_the_last_step(board: &Board, code: &str, handle: &str) -> Call {
    let caller = Caller::new(&format!("join-{code}")).with_key(keyring::key(handle));
    let mut call = caller.call(board).await;
    call.fills_in(handle).await;
    call
}

impl Call {
    /// Goes from the first step of the wizard to the third.
    pub(crate) async fn chooses_handle(&mut self, handle: &str) {
        self.until("▸ Welcome").await;
        self.types(ENTER).await;
        self.until("▸ Handle").await;
        self.types(handle).await;
        self.types(ENTER).await;
        self.until("▸ Your way in").await;
    }

    /// Goes through the wizard and keeps the key this call came with; stops
    /// before the key that makes the account.
    pub(crate) async fn fills_in(&mut self, handle: &str) {
        self.chooses_handle(handle).await;
        self.until("keep it").await;
        // The key, then the address.
        self.types(ENTER).await;
        self.types(ENTER).await;
        let next = self.until_any(&["▸ About you", "▸ The board", "▸ Review"]);
        match next.await {
            "▸ About you" => {
                self.types(&format!("I am {handle}, and would like to join."))
                    .await;
                self.types(CTRL_S).await;
            }
            "▸ The board" => {
                // The name, then the contact.
                self.types(ENTER).await;
                self.types(ENTER).await;
            }
            _ => {}
        }
        self.until("▸ Review").await;
    }

    /// Goes through the wizard to its end.
    pub(crate) async fn joins(&mut self, handle: &str) {
        self.fills_in(handle).await;
        self.types(ENTER).await;
    }
}
