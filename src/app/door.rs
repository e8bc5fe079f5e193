//! Getting to the right screen (spec §4): what a call proved and asked for
//! decides where it begins.

use super::{
    Bbs, Ruling, Stop, certificate, claim::Proof, form::read_code, is_claimed, letter, visit::Visit,
};
use crate::{
    domain::{
        account::Status,
        code::{Code, Purpose},
        door::DoorName,
        handle::Handle,
        key::VerifiedKey,
        refusal::Refusal,
        registration::Mode,
        secret::Secret,
    },
    store::{self, account::Account},
};

/// What a verified key is to the name it came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// It belongs to the account of that handle.
    Theirs,
    /// It belongs to another account.
    SomebodyElses,
    /// Nobody here uses it.
    Unknown,
    /// The name is no account's: any key decides.
    Decides,
}

/// Where a call begins.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// The welcome screen; the name may already be a wish for a handle, and a
    /// code that led nowhere is explained.
    Welcome {
        /// The SSH user name, if it is a legal handle.
        handle: Option<Handle>,
        /// Why the door name led nowhere.
        refusal: Option<Refusal>,
    },
    /// The wizard.
    Wizard {
        /// The code of the door name.
        code: Option<Secret<String>>,
    },
    /// A known key came through a door of the wizard: who is it?
    Greeting {
        /// Whose key it is.
        account: Box<Account>,
        /// What the door was for.
        errand: Errand,
    },
    /// Somebody may become the first sysop.
    Claim(Proof),
    /// A key line: shall this key be added to that account?
    AddKey {
        /// Whose line it is.
        handle: Handle,
        /// Its code.
        code: Code,
    },
    /// A code for a new password: what shall it be?
    NewPassword {
        /// Whose code it is.
        handle: Handle,
        /// The code.
        code: Code,
    },
    /// Somebody pasted this key: is that the caller?
    PastedKey {
        /// Who pasted it, oldest first.
        accounts: Vec<Account>,
    },
    /// A certificate vouches for somebody who has no account here yet.
    Certified {
        /// The handle it is for.
        handle: Handle,
    },
    /// The key is known, or the certificate's account: straight in.
    LogIn,
    /// Looking round.
    Guest,
}

/// What a known caller came through a wizard's door for.
#[derive(Clone, Debug)]
pub enum Errand {
    /// To register somebody, with this code if there is one.
    Register(Option<Secret<String>>),
    /// To claim the board.
    Claim(Proof),
}

/// What the welcome screen and the wizard's first step tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// Whether somebody runs this board.
    pub claimed: bool,
    /// How one gets in.
    pub mode: Mode,
    /// The sysop's words while registration is paused.
    pub paused: Option<String>,
    /// Whether letters leave, so that a new password can be asked for.
    pub mail_leaves: bool,
    /// Whether the queue can take a request.
    pub queue_open: bool,
    /// Members.
    pub callers: u32,
    /// Sessions now.
    pub on_line: usize,
}

impl Bbs {
    /// Says whose a verified key is, for the door.
    pub async fn key_standing(&self, door: &DoorName, key: &VerifiedKey) -> Ruling<KeyStanding> {
        let Some(name) = handle_of(door) else {
            return Ok(KeyStanding::Decides);
        };
        let print = key.key().fingerprint();
        // OpenSSH shows a key before the certificate for it: where certificates
        // are believed, a key that is nobody's decides only at the end.
        let may_vouch = !self.settings().trusted_user_cas.is_empty();
        self.ask(move |view| {
            let owner = store::key::owner(view, &print)?;
            // Most calls come by their own name: nothing else is asked then.
            if let Some(owner) = &owner
                && owner.handle.key() == name.key()
            {
                return Ok(KeyStanding::Theirs);
            }
            // The name of a deleted account is nobody's any more.
            let named = store::account::by_handle(view, &name.key())?
                .filter(|account| account.status != Status::Deleted);
            Ok(match (named, owner) {
                (None, None) if may_vouch => KeyStanding::Unknown,
                (None, _) => KeyStanding::Decides,
                (Some(_), Some(_)) => KeyStanding::SomebodyElses,
                (Some(_), None) => KeyStanding::Unknown,
            })
        })
        .await
    }

    /// Returns what strangers are told at the front.
    pub async fn front(&self) -> Ruling<Front> {
        let settings = self.settings();
        let on_line = self.hub().count();
        self.ask(move |view| {
            Ok(Front {
                claimed: is_claimed(view)?,
                mode: settings.registration_mode,
                paused: settings
                    .registration_paused
                    .then(|| settings.registration_note.as_str().to_owned()),
                mail_leaves: letter::leave(view)?,
                queue_open: store::account::count(view, Status::Pending)?
                    < settings.queue_backlog_max,
                callers: store::account::count(view, Status::Active)?,
                on_line,
            })
        })
        .await
    }

    /// Decides where a call begins.
    pub async fn arrive(&self, visit: &Visit) -> Ruling<Arrival> {
        if let Some(certified) = &visit.certified {
            return self.arrive_certified(certified.handle()).await;
        }
        match &visit.door {
            DoorName::ClaimCode(code) => self.arrive_to_claim(visit, code).await,
            DoorName::KeyCode(code) => self.arrive_with_key_line(visit, code).await,
            DoorName::RecoverCode(code) => self.arrive_to_recover(visit, code).await,
            DoorName::Guest if self.settings().guest_mode => Ok(Arrival::Guest),
            DoorName::New
            | DoorName::Join
            | DoorName::Register
            | DoorName::Apply
            | DoorName::JoinCode(_)
            | DoorName::Guest
            | DoorName::Other(_)
            | DoorName::Nobody => self.arrive_by_key(visit).await,
        }
    }

    async fn arrive_certified(&self, handle: &Handle) -> Ruling<Arrival> {
        let handle = handle.clone();
        self.ask(move |view| {
            Ok(match certificate::owner(view, &handle)? {
                Some(_) => Arrival::LogIn,
                None => Arrival::Certified { handle },
            })
        })
        .await
    }

    async fn arrive_by_key(&self, visit: &Visit) -> Ruling<Arrival> {
        let door = visit.door.clone();
        let key = visit.key.as_ref().map(|key| key.key().fingerprint());
        let may_claim = self.is_sysop_key(visit);
        self.ask(move |view| {
            let owner = match &key {
                Some(key) => store::key::owner(view, key)?,
                None => None,
            };
            if may_claim && door != DoorName::Guest && !is_claimed(view)? {
                return Ok(match owner {
                    Some(account) => Arrival::Greeting {
                        account: Box::new(account),
                        errand: Errand::Claim(Proof::SysopKey),
                    },
                    None => Arrival::Claim(Proof::SysopKey),
                });
            }
            let wizard = match &door {
                DoorName::New | DoorName::Join | DoorName::Register | DoorName::Apply => Some(None),
                DoorName::JoinCode(code) => Some(Some(code.clone())),
                _ => None,
            };
            Ok(match (wizard, owner, key) {
                (Some(code), Some(account), _) => Arrival::Greeting {
                    account: Box::new(account),
                    errand: Errand::Register(code),
                },
                (Some(code), None, _) => Arrival::Wizard { code },
                (None, Some(_), _) if door != DoorName::Guest => Arrival::LogIn,
                (None, None, Some(key)) if door != DoorName::Guest => {
                    let accounts = store::key::claimants(view, &key)?;
                    if accounts.is_empty() {
                        Arrival::Welcome {
                            handle: handle_of(&door),
                            refusal: None,
                        }
                    } else {
                        Arrival::PastedKey { accounts }
                    }
                }
                _ => Arrival::Welcome {
                    handle: handle_of(&door),
                    refusal: None,
                },
            })
        })
        .await
    }

    async fn arrive_to_claim(&self, visit: &Visit, text: &Secret<String>) -> Ruling<Arrival> {
        let code = match read_code(text.expose(), self.settings().code_shape()) {
            Ok(code) => code,
            Err(refusal) => return Ok(welcome(refusal)),
        };
        let hash = code.keyed_hash(Purpose::Claim, &self.setup.server_key);
        let now = self.clock().now();
        let key = visit.key.as_ref().map(|key| key.key().fingerprint());
        let found = self
            .ask(move |view| {
                let live = !is_claimed(view)? && store::code::is_claim(view, &hash, now)?;
                let owner = match &key {
                    Some(key) => store::key::owner(view, key)?,
                    None => None,
                };
                Ok(live.then_some(owner))
            })
            .await?;
        Ok(match found {
            None => welcome(self.wrong_line(visit, Refusal::ClaimUnusable).await?),
            Some(None) => Arrival::Claim(Proof::Code(code)),
            Some(Some(account)) => Arrival::Greeting {
                account: Box::new(account),
                errand: Errand::Claim(Proof::Code(code)),
            },
        })
    }

    async fn arrive_with_key_line(&self, visit: &Visit, text: &Secret<String>) -> Ruling<Arrival> {
        let code = match read_code(text.expose(), self.settings().code_shape()) {
            Ok(code) => code,
            Err(refusal) => return Ok(welcome(refusal)),
        };
        let hash = code.keyed_hash(Purpose::Key, &self.setup.server_key);
        let now = self.clock().now();
        let key = visit.key.as_ref().map(|key| key.key().fingerprint());
        let found = self
            .ask(move |view| {
                let Some(id) = store::code::key_account(view, &hash, now)? else {
                    return Ok(None);
                };
                let Some(account) = store::account::by_id(view, id)? else {
                    return Ok(None);
                };
                let key_is_taken = match &key {
                    Some(key) => store::key::owner(view, key)?.is_some(),
                    None => false,
                };
                Ok(Some((account.handle, key_is_taken)))
            })
            .await?;
        Ok(match (found, &visit.key) {
            (None, _) => welcome(self.wrong_line(visit, Refusal::KeyLineUnusable).await?),
            // The code stays unused.
            (Some(_), None) => welcome(Refusal::KeyNotProven),
            (Some((_, true)), Some(_)) => welcome(Refusal::KeyTaken),
            (Some((handle, false)), Some(_)) => Arrival::AddKey { handle, code },
        })
    }

    async fn arrive_to_recover(&self, visit: &Visit, text: &Secret<String>) -> Ruling<Arrival> {
        match self.read_reset(visit, text).await {
            Ok((handle, code)) => Ok(Arrival::NewPassword { handle, code }),
            Err(Stop::Refused(refusal)) => Ok(welcome(refusal)),
            Err(broken) => Err(broken),
        }
    }

    /// Counts a code that does not work as a wrong one, and says `why` where an
    /// invite would be refused.
    pub(super) async fn wrong_line(&self, visit: &Visit, why: Refusal) -> Ruling<Refusal> {
        Ok(match self.count_wrong_code(visit).await? {
            Refusal::CodeUnusable => why,
            refusal => refusal,
        })
    }

    /// Whether this call proved one of the keys that may claim.
    pub(super) fn is_sysop_key(&self, visit: &Visit) -> bool {
        let proven = visit.key.as_ref().map(|key| key.key().fingerprint());
        proven.is_some_and(|proven| {
            self.reach
                .borrow()
                .sysop_keys
                .iter()
                .any(|key| key.fingerprint() == proven)
        })
    }
}

fn welcome(refusal: Refusal) -> Arrival {
    Arrival::Welcome {
        handle: None,
        refusal: Some(refusal),
    }
}

/// Returns the handle a door name could be.
pub(super) fn handle_of(door: &DoorName) -> Option<Handle> {
    match door {
        DoorName::Other(name) => Handle::parse(name).ok(),
        _ => None,
    }
}
