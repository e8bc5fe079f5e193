//! Identities of stored things, one type each, so that they cannot be mixed up.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// The row of an account.
    AccountId, i64
);
id!(
    /// The row of an invite; people see it as `inv-1042`.
    InviteId, i64
);
id!(
    /// The row of a public key of an account.
    KeyId, i64
);
id!(
    /// The row of an audit record.
    AuditId, i64
);
id!(
    /// The row of a letter.
    LetterId, i64
);
id!(
    /// The row of an access rule; people see it as `rule-12`.
    RuleId, i64
);
id!(
    /// The row of a notice.
    NoticeId, i64
);
id!(
    /// One connection's session, unique while the process lives.
    SessionId, u64
);
