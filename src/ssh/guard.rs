//! The kill switch around a caller's socket. russh's own `disconnect` waits
//! behind a key exchange or a full window; this one does not, whatever the peer
//! does. It knows nothing of SSH.

use std::{
    future::Future as _,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Bytes the kernel takes beyond what is on its way: more would only be a
/// picture that is old before it leaves.
const NOTSENT_LOWAT: u32 = 16 * 1024;

/// The system's own probe for peers that vanished, behind SSH's.
const KEEPALIVE: Duration = Duration::from_mins(1);

/// A stream that ends when its token is cancelled, or when the peer takes
/// nothing for too long.
pub(super) struct Guard<S> {
    stream: S,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    patience: Duration,
    /// Runs while a write waits; boxed, because few ever do.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Guard<S> {
    /// Watches over `stream`.
    pub(super) fn new(stream: S, cut: CancellationToken, patience: Duration) -> Self {
        Self {
            stream,
            cut: Box::pin(cut.cancelled_owned()),
            patience,
            stalled: None,
        }
    }

    /// Fails once the switch was thrown; wakes the task when it is.
    fn uncut(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.cut.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionAborted.into()),
            Poll::Pending => Ok(()),
        }
    }

    /// Ends a write that waited too long.
    fn within_patience<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        self.stalled
            .get_or_insert_with(|| Box::pin(sleep(patience)))
            .as_mut()
            .poll(context)
            .map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Sets what a caller's socket needs; a socket that refuses is only slower.
pub(super) fn tune(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_tcp_notsent_lowat(NOTSENT_LOWAT)?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEPALIVE))
}

impl<S: AsyncRead + Unpin> AsyncRead for Guard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.uncut(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guard<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.uncut(context)?;
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.within_patience(written, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.uncut(context)?;
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.within_patience(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.uncut(context)?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    #[tokio::test]
    async fn the_switch_ends_a_read_that_would_wait_for_ever() {
        let (stream, _peer) = duplex(64);
        let cut = CancellationToken::new();
        let mut guard = Guard::new(stream, cut.clone(), Duration::from_secs(30));
        let reading = tokio::spawn(async move { guard.read_u8().await });
        tokio::task::yield_now().await;
        cut.cancel();
        let error = reading.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
    }

    #[tokio::test]
    async fn the_switch_ends_a_write_to_a_peer_that_does_not_read() {
        let (stream, _peer) = duplex(64);
        let cut = CancellationToken::new();
        let mut guard = Guard::new(stream, cut.clone(), Duration::from_hours(1));
        let writing = tokio::spawn(async move { guard.write_all(&[0; 128]).await });
        tokio::task::yield_now().await;
        cut.cancel();
        let error = writing.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
    }

    #[tokio::test]
    async fn threat_05_a_peer_that_takes_nothing_is_given_up() {
        let (stream, _peer) = duplex(64);
        let mut guard = Guard::new(stream, CancellationToken::new(), Duration::from_millis(5));
        let error = guard.write_all(&[0; 128]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
