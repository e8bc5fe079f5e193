//! What the server offers to clients, and every timer of the door. Why each
//! number is what it is, was measured with real clients.

use std::{borrow::Cow, time::Duration};

use russh::{
    MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac, server::Config,
};
use ssh_key::{Algorithm, EcdsaCurve, HashAlg};

use super::hostkey::HostKey;

/// Every timer between accept and hang-up; tests hand in short ones. How long
/// somebody may take to come in is a setting, in `DoorLimits`.
#[derive(Clone, Debug)]
pub struct Timers {
    /// How long a connection may wait for its source's turn, before any byte.
    pub line: Duration,
    /// How long the board may take to judge a key.
    pub look_up: Duration,
    /// How long the peer may take no byte of what is written.
    pub write_stall: Duration,
    /// How long a frame may wait for a reader that does not keep up.
    pub output_stall: Duration,
    /// How long a session may take no byte of what is typed.
    pub input_stall: Duration,
    /// The longest time a command may take, its input included.
    pub command: Duration,
    /// How long sessions may take to say goodbye when the board closes.
    pub drain: Duration,
    /// How long each step of hanging up may take.
    pub hang_up: Duration,
    /// The pause after an accept that failed, as it does without descriptors.
    pub accept_pause: Duration,
    /// How long a connection may be silent in both directions. It is the only
    /// timer russh polls while a write is stuck, so it always exists.
    pub inactivity: Duration,
    /// How often a silent client is asked for a sign of life; three unanswered
    /// questions end the line.
    pub keepalive: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            line: Duration::from_secs(15),
            look_up: Duration::from_secs(10),
            write_stall: Duration::from_secs(30),
            output_stall: Duration::from_secs(30),
            input_stall: Duration::from_secs(5),
            command: Duration::from_mins(10),
            drain: Duration::from_secs(10),
            hang_up: Duration::from_secs(2),
            accept_pause: Duration::from_millis(100),
            inactivity: Duration::from_mins(2),
            keepalive: Duration::from_secs(30),
        }
    }
}

/// Returns what russh is told.
pub(super) fn server(host_key: HostKey, timers: &Timers) -> Config {
    Config {
        // No version: it helps only those who look for old ones.
        server_id: SshId::Standard("SSH-2.0-Ringdown".into()),
        methods: MethodSet::from(
            [MethodKind::PublicKey, MethodKind::KeyboardInteractive].as_slice(),
        ),
        // There is no password to guess here, and russh would sleep this for
        // every key of an agent that is not the right one.
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![host_key.into_private()],
        window_size: 64 * 1024,
        channel_buffer_size: 16,
        event_buffer_size: 4,
        preferred: preferred(),
        max_auth_attempts: 20,
        inactivity_timeout: Some(timers.inactivity),
        keepalive_interval: Some(timers.keepalive),
        keepalive_max: 3,
        nodelay: true,
        ..Config::default()
    }
}

/// Without chacha20 dropbear finds no MAC; without the older curves the C
/// clients of Debian 12 find no key exchange.
fn preferred() -> Preferred {
    const ECDSA: fn(EcdsaCurve) -> Algorithm = |curve| Algorithm::Ecdsa { curve };
    const RSA: fn(HashAlg) -> Algorithm = |hash| Algorithm::Rsa { hash: Some(hash) };
    Preferred {
        kex: Cow::Borrowed(&[
            kex::MLKEM768X25519_SHA256,
            kex::CURVE25519,
            kex::CURVE25519_PRE_RFC_8731,
            kex::EXTENSION_SUPPORT_AS_SERVER,
            kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
        ]),
        // Also what the server says it verifies: with ed25519 alone OpenSSH
        // would keep its other keys to itself.
        key: Cow::Owned(vec![
            Algorithm::Ed25519,
            Algorithm::SkEd25519,
            ECDSA(EcdsaCurve::NistP256),
            ECDSA(EcdsaCurve::NistP384),
            ECDSA(EcdsaCurve::NistP521),
            Algorithm::SkEcdsaSha2NistP256,
            RSA(HashAlg::Sha512),
            RSA(HashAlg::Sha256),
        ]),
        host_key_certificates: Cow::Borrowed(&[]),
        cipher: Cow::Borrowed(&[
            cipher::CHACHA20_POLY1305,
            cipher::AES_256_GCM,
            cipher::AES_256_CTR,
            cipher::AES_192_CTR,
            cipher::AES_128_CTR,
        ]),
        mac: Cow::Borrowed(&[mac::HMAC_SHA512_ETM, mac::HMAC_SHA256_ETM]),
        // Compression before the log-in would be a stranger's to abuse.
        compression: Cow::Borrowed(&[compression::NONE]),
    }
}
