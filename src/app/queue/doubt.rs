//! What speaks against letting an applicant in, so that whoever approves is
//! asked. It refuses nobody.

use crate::{
    app::{access::judge_email, setting::current},
    domain::{access::Verdict, refusal::Doubt},
    store::{self, Fault, Read, account::Account},
};

/// Returns what speaks against letting somebody in, the weightiest first.
pub(super) fn doubt(read: &impl Read, account: &Account) -> Result<Option<Doubt>, Fault> {
    if let Some(handle) = store::key::shared_with_member(read, account.id)? {
        return Ok(Some(Doubt::SharesKey(handle)));
    }
    let Some(email) = &account.email else {
        return Ok(None);
    };
    if let Some(handle) = store::account::proven_by_member(read, email, account.id)? {
        return Ok(Some(Doubt::SharesAddress(handle)));
    }
    let verdict = judge_email(read, email, &current(read)?)?;
    Ok(matches!(verdict, Verdict::Refused(_)).then_some(Doubt::AddressRefused))
}
