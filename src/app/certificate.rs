//! Certificates of authorities a sysop trusts: who their bearers are here, and
//! that they still are when it counts.

use super::{Bbs, Ruling, door::handle_of, record::object};
use crate::{
    domain::{
        account::Status,
        certificate::{Asked, Certified, Presented},
        clock::Timestamp,
        door::DoorName,
        handle::Handle,
        policy::Permit,
        refusal::Refusal,
    },
    settings::Settings,
    store::{
        self, Fault, Read, Tx,
        account::Account,
        audit::{Act, record},
    },
};

impl Bbs {
    /// Believes a certificate that came with that name from there, or not. Only
    /// the log is told why not.
    pub async fn believe(
        &self,
        door: &DoorName,
        presented: &Presented,
        from: std::net::IpAddr,
    ) -> Ruling<Option<Certified>> {
        let settings = self.settings();
        let Some(handle) = handle_of(door).filter(|_| !settings.trusted_user_cas.is_empty()) else {
            return Ok(None);
        };
        let asked = Asked {
            authorities: &settings.trusted_user_cas,
            handle: &handle,
            address: from,
            now: self.clock().now(),
        };
        let believed = presented
            .believe(&asked)
            .inspect_err(|problem| tracing::debug!("a certificate is passed over: {problem}"));
        let Ok(certified) = believed else {
            return Ok(None);
        };
        self.ask(move |view| {
            let is_banned = store::access::is_certificate_banned(view, &certified)?;
            Ok(Some(certified).filter(|_| !is_banned))
        })
        .await
    }
}

/// Refuses a certificate whose authority lost its trust, whose time is over, or
/// which was banned, since it was believed.
pub(super) fn still_holds(
    read: &impl Read,
    certified: &Certified,
    settings: &Settings,
    now: Timestamp,
) -> Ruling<()> {
    if certified.holds(&settings.trusted_user_cas, now)
        && !store::access::is_certificate_banned(read, certified)?
    {
        Ok(())
    } else {
        Err(Refusal::CertificateOver.into())
    }
}

/// Returns whose certificate it is, if there is such an account.
pub(super) fn owner(read: &impl Read, handle: &Handle) -> Result<Option<Account>, Fault> {
    let account = store::account::by_handle(read, &handle.key())?;
    Ok(account.filter(|account| account.status != Status::Deleted))
}

/// Writes down that a certificate let somebody in.
pub(super) fn note_use(tx: &Tx<'_>, certified: &Certified, account: &Account) -> Result<(), Fault> {
    let act = Act {
        action: "certificate.use",
        object: &object(account.id, &account.handle),
        after: Some(&certified.to_string()),
        ..Act::default()
    };
    record(tx, &Permit::certified(account.id, &account.handle), act)
}
