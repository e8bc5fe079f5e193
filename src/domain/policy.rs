//! Who may do what (the table of spec §1). A [`Permit`] is made only here and
//! is asked for by every privileged write.

use super::{
    account::{Role, Status, named},
    handle::Handle,
    id::AccountId,
};

named! {
    /// Something that needs a right.
    Capability {
        /// Change one's own request, keys, password and address.
        EditOneself = "edit_oneself",
        /// Ring for a sysop.
        RingSysop = "ring_sysop",
        /// Make invites, see and revoke one's own.
        Invite = "invite",
        /// See the invites of others.
        SeeInvites = "see_invites",
        /// Revoke the invites of others.
        RevokeInvites = "revoke_invites",
        /// Bar somebody from inviting.
        BarInviters = "bar_inviters",
        /// Make codes without limits of number, uses or life.
        InviteFreely = "invite_freely",
        /// Open the USERS tab, without addresses and sources.
        SeeUsers = "see_users",
        /// See addresses and sources.
        SeePrivate = "see_private",
        /// Approve and reject.
        Decide = "decide",
        /// Suspend, reactivate, reopen, edit, write notes, change roles.
        ManageUsers = "manage_users",
        /// Read and change settings.
        ManageSettings = "manage_settings",
        /// See, add and remove access rules.
        ManageAccess = "manage_access",
        /// Read who did what.
        SeeAudit = "see_audit",
        /// Copy the board, and put a copy to work: thaw its codes.
        BackUp = "back_up",
        /// See how the machine and the board are.
        SeeSystem = "see_system",
        /// Show a line on every screen.
        TellEverybody = "tell_everybody",
        /// See, retry and cancel letters.
        ManageMail = "manage_mail",
        /// Examine the board, and mend what disagrees.
        Examine = "examine",
    }
}

/// From which role on the two delegable rights are given, as the settings say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// Who may invite.
    pub invite: Role,
    /// Who may decide.
    pub decide: Role,
}

/// Who is asking, as read inside the transaction that acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody the board knows.
    Guest,
    /// An account as it stands now.
    Account {
        /// Its row.
        id: AccountId,
        /// Its handle.
        handle: Handle,
        /// Its status.
        status: Status,
        /// Its role.
        role: Role,
    },
    /// The operator on the host.
    Console {
        /// The host's user id.
        uid: u32,
    },
}

/// Proof that somebody may do something, as of this transaction; goes into the
/// audit row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    account: Option<AccountId>,
    name: String,
    via: &'static str,
    role: Option<Role>,
    capability: Capability,
}

impl Permit {
    /// Returns the account that acts; `None` is the console or the board.
    pub const fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// Returns how the actor is named in records.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the way the actor came.
    pub const fn via(&self) -> &'static str {
        self.via
    }

    /// Returns the role acted with; the console has none.
    pub const fn role(&self) -> Option<Role> {
        self.role
    }

    /// Returns what was permitted.
    pub const fn capability(&self) -> Capability {
        self.capability
    }

    /// Returns the permit of the board itself: jobs that carry out what was
    /// decided before.
    pub fn board(capability: Capability) -> Self {
        Self {
            account: None,
            name: "ringdown".into(),
            via: "job",
            role: None,
            capability,
        }
    }

    /// Returns the permit of whoever a certificate says they are.
    pub fn certified(id: AccountId, handle: &Handle) -> Self {
        Self {
            via: "certificate",
            ..Self::newcomer(id, handle)
        }
    }

    /// Returns the permit of a newcomer for the account they just made.
    pub fn newcomer(id: AccountId, handle: &Handle) -> Self {
        Self {
            account: Some(id),
            name: handle.as_str().to_owned(),
            via: "ssh",
            role: None,
            capability: Capability::EditOneself,
        }
    }
}

/// Returns the permit if the table gives it.
pub fn permit(who: &Standing, capability: Capability, rules: Delegation) -> Option<Permit> {
    let (account, name, via, role) = match who {
        Standing::Guest => return None,
        Standing::Console { uid } => (None, format!("console({uid})"), "console", None),
        Standing::Account {
            id,
            handle,
            status,
            role,
        } => {
            let may = match (status, capability) {
                (Status::Active, _) => role_may(*role, capability, rules),
                (status, Capability::EditOneself) => status.edits_itself(),
                _ => false,
            };
            if !may {
                return None;
            }
            (Some(*id), handle.as_str().to_owned(), "ssh", Some(*role))
        }
    };
    Some(Permit {
        account,
        name,
        via,
        role,
        capability,
    })
}

fn role_may(role: Role, capability: Capability, rules: Delegation) -> bool {
    role >= match capability {
        Capability::EditOneself | Capability::RingSysop => Role::User,
        Capability::Invite => rules.invite,
        Capability::Decide => rules.decide,
        Capability::SeeInvites
        | Capability::RevokeInvites
        | Capability::BarInviters
        | Capability::SeeUsers => Role::Mod,
        Capability::SeeSystem
        | Capability::InviteFreely
        | Capability::SeePrivate
        | Capability::ManageUsers
        | Capability::ManageSettings
        | Capability::ManageAccess
        | Capability::SeeAudit
        | Capability::BackUp
        | Capability::TellEverybody
        | Capability::ManageMail
        | Capability::Examine => Role::Sysop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(status: Status, role: Role, capability: Capability, rules: Delegation) -> bool {
        let handle = Handle::parse("ada").unwrap();
        let who = Standing::Account {
            id: AccountId(1),
            handle,
            status,
            role,
        };
        permit(&who, capability, rules).is_some()
    }

    #[test]
    fn the_table_is_what_it_says() {
        let strict = Delegation {
            invite: Role::Sysop,
            decide: Role::Sysop,
        };
        let loose = Delegation {
            invite: Role::User,
            decide: Role::Mod,
        };
        let count = |status, role, rules| {
            Capability::ALL
                .iter()
                .filter(|c| may(status, role, **c, rules))
                .count()
        };
        assert_eq!(count(Status::Active, Role::User, strict), 2);
        assert_eq!(count(Status::Active, Role::User, loose), 3);
        assert_eq!(count(Status::Active, Role::Mod, strict), 6);
        assert_eq!(count(Status::Active, Role::Mod, loose), 8);
        assert_eq!(
            count(Status::Active, Role::Sysop, strict),
            Capability::ALL.len()
        );
        assert_eq!(count(Status::Pending, Role::User, loose), 1);
        for status in [Status::Rejected, Status::Suspended, Status::Deleted] {
            assert_eq!(count(status, Role::Sysop, loose), 0, "{status}");
        }
    }

    #[test]
    fn a_guest_may_nothing_and_the_console_everything() {
        let rules = Delegation {
            invite: Role::User,
            decide: Role::User,
        };
        for &capability in Capability::ALL {
            assert_eq!(permit(&Standing::Guest, capability, rules), None);
            assert!(permit(&Standing::Console { uid: 0 }, capability, rules).is_some());
        }
    }
}
