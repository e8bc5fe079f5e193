//! A mail server of a few lines: it follows a script and keeps what it is told.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// How a mail server behaves.
#[derive(Clone)]
pub(super) enum Manner {
    /// Takes every letter.
    Kind,
    /// Answers this instead, at that command.
    Says(&'static str, &'static str),
    /// Never says a word.
    Silent,
    /// Goes silent after that command.
    Stalls(&'static str),
    /// Hangs up when the letter is there, without an answer.
    Drops,
    /// Offers TLS, and speaks none.
    BrokenTls,
    /// Takes the letter, says so, and does this in the same breath.
    Then(Arc<dyn Fn() + Send + Sync>),
}

/// A mail server.
pub(super) struct Sink {
    pub(super) port: u16,
    letters: Arc<Mutex<Vec<String>>>,
    manner: Arc<Mutex<Manner>>,
}

impl Sink {
    pub(super) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let letters = Arc::new(Mutex::new(Vec::new()));
        let manner = Arc::new(Mutex::new(manner));
        let (kept, shared) = (Arc::clone(&letters), Arc::clone(&manner));
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let manner = shared.lock().unwrap().clone();
                tokio::spawn(talk(line, manner, Arc::clone(&kept)));
            }
        });
        Self {
            port,
            letters,
            manner,
        }
    }

    /// What it was told, whole letters in their order.
    pub(super) fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }

    /// Behaves otherwise from the next connection on.
    pub(super) fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }
}

async fn talk(line: TcpStream, manner: Manner, letters: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let mut line = BufReader::new(line);
    if matches!(manner, Manner::Silent) {
        let mut heard = String::new();
        while line.read_line(&mut heard).await.ok()? > 0 {}
        return None;
    }
    say(&mut line, "220 sink").await?;
    loop {
        let mut heard = String::new();
        if line.read_line(&mut heard).await.ok()? == 0 {
            return None;
        }
        let verb = heard.split_whitespace().next().unwrap_or_default();
        match &manner {
            Manner::Says(at, answer) if *at == verb => {
                say(&mut line, answer).await?;
                continue;
            }
            Manner::Stalls(at) if *at == verb => {
                while line.read_line(&mut heard).await.ok()? > 0 {}
                return None;
            }
            Manner::BrokenTls if verb == "EHLO" => {
                say(&mut line, "250-sink\r\n250 STARTTLS").await?;
                continue;
            }
            Manner::BrokenTls if verb == "STARTTLS" => {
                say(&mut line, "220 go\r\n500 this is no TLS").await?;
                continue;
            }
            _ => {}
        }
        match verb {
            "DATA" => {
                say(&mut line, "354 go").await?;
                let mut letter = String::new();
                while !letter.ends_with("\r\n.\r\n") {
                    if line.read_line(&mut letter).await.ok()? == 0 {
                        return None;
                    }
                }
                letters.lock().unwrap().push(letter);
                match &manner {
                    Manner::Drops => return None,
                    Manner::Then(act) => {
                        say(&mut line, "250 taken").await?;
                        act();
                    }
                    _ => say(&mut line, "250 taken").await?,
                }
            }
            "QUIT" => {
                say(&mut line, "221 bye").await?;
                return None;
            }
            _ => say(&mut line, "250 fine").await?,
        }
    }
}

async fn say(line: &mut BufReader<TcpStream>, answer: &str) -> Option<()> {
    let answer = format!("{answer}\r\n");
    line.write_all(answer.as_bytes()).await.ok()
}
