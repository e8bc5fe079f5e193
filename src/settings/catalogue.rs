//! Every setting that does something. What is not built is not declared.

use chrono_tz::Tz;

use super::{
    settings,
    value::{Deciders, DeliveryMode, Generators, Pattern, Questions, Theme},
};
use crate::domain::{
    account::Role,
    certificate::Authorities,
    code::Shape,
    email::DomainName,
    policy::Delegation,
    registration::{Admission, Mode, Rules},
    source::Cidrs,
    text::{Block, Line},
};

/// The house rules of a new board.
const RULES: &str = "Be kind. Say who you are. Keep it legal where the board stands.";

/// Refuses numbers outside the bounds.
macro_rules! within {
    ($least:literal ..= $most:literal) => {
        |value| {
            if ($least..=$most).contains(value) {
                Ok(())
            } else {
                Err(format!("This is a number from {} to {}.", $least, $most))
            }
        }
    };
}

settings! {
    Board {
        site_name / SiteName: Line = Line::cut("Ringdown", 200), "The board's name, on every screen.",
            |name| if name.as_str().is_empty() { Err("The board needs a name.".into()) } else { Ok(()) };
        site_contact / SiteContact: Line = Line::default(), "Whom to ask when nothing else helps; callers see it.";
        welcome_text / WelcomeText: Block = Block::default(), "Shown to everybody on the welcome screen.";
        house_rules / HouseRules: Block = Block::parse_or_empty(RULES, 4000).unwrap_or_default(), "Shown before somebody joins, and to guests.";
        time_zone / TimeZone: Tz = Tz::UTC, "The clock on the screens.";
        theme / Theme: Theme = Theme::Night, "The colours of the screens; a caller without colours sees none.";
        guest_mode / GuestMode: bool = true, "Whether callers without an account may look round.";
    }
    Registration {
        registration_mode / RegistrationMode: Mode = Mode::SysopApproved, "Who gets in: open, by invitation, by a sysop's decision, or nobody.";
        registration_paused / RegistrationPaused: bool = false, "Stops all registration at once, whatever the mode.";
        registration_note / RegistrationNote: Line = Line::default(), "What callers read while registration is paused.";
        queue_backlog_max / QueueBacklogMax: u32 = 50, "Requests that may wait; invites pass.", within!(0..=100_000);
        queue_per_source_max / QueuePerSourceMax: u32 = 5, "Requests that may wait from one source.", within!(1..=10_000);
        queue_deciders / QueueDeciders: Deciders = Deciders::SysopOnly, "Who approves and rejects requests.";
        request_questions / RequestQuestions: Questions = Questions::default(), "Up to three questions for applicants, one a line.";
        email_required / EmailRequired: bool = false, "Whether an e-mail address is required to join.";
        require_email_verification / RequireEmailVerification: bool = false, "Whether newcomers must prove their address with the code of a letter first.";
        unverified_days / UnverifiedDays: u32 = 7, "Days after which a registration is removed whose address nobody proved.", within!(1..=365);
        email_unique / EmailUnique: bool = true, "Whether one address makes one account.";
        email_allow_domains / EmailAllowDomains: Vec<DomainName> = Vec::new(), "Only these domains and their subdomains; empty allows all.";
        email_deny_domains / EmailDenyDomains: Vec<DomainName> = Vec::new(), "Never these domains and their subdomains.";
        handle_pattern / HandlePattern: Pattern = Pattern::default(), "One more rule for new handles, a regular expression.";
        trusted_user_cas / TrustedUserCas: Authorities = Authorities::default(), "Keys of authorities whose certificates let their bearers in, one a line.";
        certificate_admission / CertificateAdmission: Admission = Admission::Queue, "Whether a newcomer with such a certificate is in at once or waits for a sysop.";
        source_keep_days / SourceKeepDays: u32 = 30, "Days after which the network a caller came from is forgotten.", within!(1..=365);
    }
    Invites {
        invitations_enabled / InvitationsEnabled: bool = true, "Off: no code is issued or accepted, and none is lost.";
        invites_skip_approval / InvitesSkipApproval: bool = true, "Whether an invite lets its caller in without a sysop's decision.";
        invite_code_generators / InviteCodeGenerators: Generators = Generators::SysopOnly, "Who may make invites.";
        invite_code_groups / InviteCodeGroups: u32 = 3, "Groups in a code.", within!(1..=8);
        invite_code_group_length / InviteCodeGroupLength: u32 = 5, "Symbols in a group.", within!(2..=10);
        invite_days_user / InviteDaysUser: u32 = 14, "Days a member's invite lives.", within!(1..=365);
        invite_days_staff / InviteDaysStaff: u32 = 30, "Days a staff invite lives.", within!(1..=365);
        invite_live_max_user / InviteLiveMaxUser: u32 = 5, "Invites a member may have out at a time.", within!(0..=1_000);
        invite_live_max_mod / InviteLiveMaxMod: u32 = 25, "Invites a mod may have out at a time.", within!(0..=1_000);
        invite_min_account_days / InviteMinAccountDays: u32 = 0, "Days a member must have been here before inviting.", within!(0..=3_650);
    }
    Passwords {
        password_min_length / PasswordMinLength: u32 = 8, "Characters a password needs at least, if it is a good one; 15 of anything also do.", within!(8..=64);
        argon2_memory_kib / Argon2MemoryKib: u32 = 19_456, "Memory for hashing a password, in KiB.", within!(19_456..=1_048_576);
        argon2_passes / Argon2Passes: u32 = 2, "Passes for hashing a password.", within!(2..=10);
        totp_required_for / TotpRequiredFor: Vec<Role> = Vec::new(), "Roles that must log in with a second factor, from their next call on.";
    }
    Lines {
        sessions_max / SessionsMax: u32 = 2_000, "Sessions at a time.", within!(1..=100_000);
        sessions_per_account / SessionsPerAccount: u32 = 3, "Sessions of one account.", within!(1..=100);
        sessions_per_source / SessionsPerSource: u32 = 64, "Sessions from one source.", within!(1..=100_000);
        sessions_strangers_percent / SessionsStrangersPercent: u32 = 50, "The part of all sessions that callers without an account may hold.", within!(1..=100);
        sessions_reserved_staff / SessionsReservedStaff: u32 = 4, "Sessions kept free for staff.", within!(0..=100);
        idle_minutes_strangers / IdleMinutesStrangers: u32 = 10, "Minutes without a key before a stranger is hung up.", within!(1..=1_440);
        idle_minutes_members / IdleMinutesMembers: u32 = 60, "The same for members and whoever waits.", within!(1..=10_080);
        door_source_rate / DoorSourceRate: u32 = 4, "New connections a second from one source.", within!(1..=1_000);
        door_source_burst / DoorSourceBurst: u32 = 20, "Connections a source may open at once.", within!(1..=10_000);
        door_exempt / DoorExempt: Cidrs = Cidrs::loopback(), "Networks outside every per-source number.";
        door_unauthenticated_max / DoorUnauthenticatedMax: u32 = 100, "Connections that have not logged in yet.", within!(2..=10_000);
        door_unauthenticated_per_source / DoorUnauthenticatedPerSource: u32 = 40, "The same from one source.", within!(1..=10_000);
        door_grace_seconds / DoorGraceSeconds: u32 = 120, "Seconds from the call to a shell or command.", within!(5..=600);
    }
    System {
        maintenance / Maintenance: bool = false, "Lets only staff in; whoever is on line stays.";
        maintenance_note / MaintenanceNote: Line = Line::default(), "What callers read while only staff get in.";
        disk_percent / DiskPercent: u32 = 90, "How full the disk may be before health says so.", within!(1..=100);
        memory_mb / MemoryMb: u32 = 500, "How many MiB the program may take before health says so.", within!(16..=1_048_576);
        queue_age_hours / QueueAgeHours: u32 = 72, "Hours a request may wait before health and doctor say so.", within!(1..=8_760);
        prepared_days / PreparedDays: u32 = 30, "Days an account that was made for somebody may wait for them before doctor says so.", within!(1..=3_650);
        outbox_age_minutes / OutboxAgeMinutes: u32 = 60, "Minutes a letter may wait for the mail server before health and doctor say so.", within!(1..=10_080);
        backup_late_seconds / BackupLateSeconds: u32 = 7_200, "Seconds a backup may be late on its schedule before health says so.", within!(60..=604_800);
    }
    Letters {
        delivery_mode / DeliveryMode: DeliveryMode = DeliveryMode::Auto, "Whether letters are sent: auto sends them when a mail server is configured.";
    }
    Backups {
        backup_every_hours / BackupEveryHours: u32 = 0, "Hours from one backup to the next, made by the board itself; 0 makes none.", within!(0..=8_760);
        backup_keep / BackupKeep: u32 = 7, "How many of those backups are kept.", within!(1..=1_000);
    }
}

impl Settings {
    /// Refuses values that are sound alone and not together.
    fn agree(&self, changed: Key) -> Result<(), String> {
        match changed {
            Key::InviteCodeGroups | Key::InviteCodeGroupLength
                if self.checked_shape().is_none() =>
            {
                Err("Codes need 13 to 31 symbols in all, so that they can't be guessed.".into())
            }
            Key::RequireEmailVerification | Key::DeliveryMode
                if self.require_email_verification
                    && self.delivery_mode == DeliveryMode::NoEmail =>
            {
                Err(
                    "Addresses are proven by letter, so letters and the proof can't be at odds: \
                     change delivery_mode, or require_email_verification."
                        .into(),
                )
            }
            _ => Ok(()),
        }
    }

    /// Returns the rules strangers meet.
    pub const fn admission(&self) -> Rules {
        Rules {
            mode: self.registration_mode,
            invites_skip_approval: self.invites_skip_approval,
        }
    }

    /// Returns who may invite and decide.
    pub const fn delegation(&self) -> Delegation {
        Delegation {
            invite: match self.invite_code_generators {
                Generators::SysopOnly => Role::Sysop,
                Generators::Mods => Role::Mod,
                Generators::AnyUser => Role::User,
            },
            decide: match self.queue_deciders {
                Deciders::SysopOnly => Role::Sysop,
                Deciders::Mods => Role::Mod,
            },
        }
    }

    /// Returns the shape of today's codes.
    pub fn code_shape(&self) -> Shape {
        self.checked_shape().unwrap_or_default()
    }

    fn checked_shape(&self) -> Option<Shape> {
        let (groups, length) = (self.invite_code_groups, self.invite_code_group_length);
        Shape::try_new(usize::try_from(groups).ok()?, usize::try_from(length).ok()?).ok()
    }
}
