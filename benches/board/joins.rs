//! What joining costs: by password, beside argon2 alone, and by key alone. It is
//! what the wizard asks of the use cases, without its screens.

use std::{sync::Arc, time::Duration};

use argon2::{Algorithm, Argon2, Params, Version};
use ringdown_bbs::{
    app::{
        Bbs,
        registration::{Form, KeepKey},
    },
    domain::{handle::Claiming, registration::Mode, secret::Secret},
    settings::{Key, Settings},
};
use tokio::{task::JoinSet, time::Instant};

use crate::{
    Result,
    seed::{Board, CONSOLE, Person},
    stopped,
    table::{Gate, gated, row},
    turns,
};

/// Wizards that send at the same time: those whose password is hashed, and some
/// that wait.
const AT_ONCE: usize = 16;
/// Passwords that the board hashes at the same time.
const HASHES_AT_ONCE: u32 = 2;
/// Turns that argon2 and the board take, so that both have the same weather.
const ROUNDS: u32 = 4;
/// A password that is nobody's name and needs no estimate.
const PASSWORD: &str = "harbour fog and gulls";

pub(crate) async fn measure(board: &Board, passwords: u32, keys: u32) -> Result<()> {
    let bbs = board.open().await?;
    // Where a sysop decides, the queue is full.
    let (key, mode) = (Key::RegistrationMode, Mode::Open.name());
    let opened = bbs.change_setting(&CONSOLE, key, mode, None).await;
    opened.map_err(stopped)?;
    by_password(&bbs, passwords).await?;
    by_key(&bbs, Person::NEW + passwords, keys).await?;
    bbs.close().await;
    Ok(())
}

async fn by_password(bbs: &Arc<Bbs>, passwords: u32) -> Result<()> {
    let each = passwords / ROUNDS;
    let (mut bare, mut ours) = (Duration::ZERO, Duration::ZERO);
    for round in 0..ROUNDS {
        let began = Instant::now();
        hash(&bbs.settings(), each).await?;
        bare += began.elapsed();
        let first = Person::NEW + round * each;
        let bbs = Arc::clone(bbs);
        let began = Instant::now();
        turns::take(first..first + each, AT_ONCE, move |n| {
            register(Arc::clone(&bbs), Person(n), KeepKey::No)
        })
        .await?;
        ours += began.elapsed();
    }
    let done = f64::from(each * ROUNDS);
    let percent = bare.as_secs_f64() / ours.as_secs_f64() * 100.0;
    gated(
        "registrations by password, 16 at once",
        Gate::AtLeast(85.0, " % of bare argon2"),
        percent,
        &format!(
            "{percent:.0} % ({:.1}/s; argon2 {:.1}/s)",
            done / ours.as_secs_f64(),
            done / bare.as_secs_f64()
        ),
    )
}

/// Hashes so many passwords as the board does, and does nothing else.
async fn hash(settings: &Settings, passwords: u32) -> Result<()> {
    let (memory, passes) = (settings.argon2_memory_kib, settings.argon2_passes);
    let mut hashing = JoinSet::new();
    for _ in 0..HASHES_AT_ONCE {
        hashing.spawn_blocking(move || -> Result<()> {
            let params = Params::new(memory, passes, 1, None)?;
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            for n in 0..passwords / HASHES_AT_ONCE {
                let mut hash = [0; Params::DEFAULT_OUTPUT_LEN];
                let salt = u128::from(n).to_le_bytes();
                argon2.hash_password_into(PASSWORD.as_bytes(), &salt, &mut hash)?;
            }
            Ok(())
        });
    }
    while let Some(hashed) = hashing.join_next().await {
        hashed??;
    }
    Ok(())
}

async fn by_key(bbs: &Arc<Bbs>, first: u32, keys: u32) -> Result<()> {
    let bbs = Arc::clone(bbs);
    let began = Instant::now();
    let mut times = turns::take(first..first + keys, AT_ONCE, move |n| {
        register(Arc::clone(&bbs), Person(n), KeepKey::Yes)
    })
    .await?;
    let rate = times.count() / began.elapsed().as_secs_f64();
    row(
        "registrations by key alone, 16 at once",
        &format!("{rate:.0}/s ({})", times.show()),
    )
}

/// Goes through the wizard: two looks on the way, and the leap.
async fn register(bbs: Arc<Bbs>, person: Person, keep_key: KeepKey) -> Result<()> {
    let visit = Arc::new(person.visit()?);
    let handle = person.handle();
    let free = bbs.check_handle(&visit, &handle, Claiming::No).await;
    free.map_err(stopped)?;
    let password = match keep_key {
        KeepKey::Yes => Secret::new(String::new()),
        KeepKey::No => {
            let password = Secret::new(PASSWORD.to_owned());
            let good = bbs.check_password(&password, &handle, "");
            good.map_err(|refusal| format!("{refusal:?}"))?;
            password
        }
    };
    let form = Form {
        submission: u128::from(person.0).to_le_bytes(),
        mode: Mode::Open,
        claim: None,
        code: Secret::new(String::new()),
        handle,
        keep_key,
        password,
        email: String::new(),
        message: String::new(),
        answers: Vec::new(),
        site: None,
    };
    bbs.register(&visit, form).await.map_err(stopped)?;
    Ok(())
}
