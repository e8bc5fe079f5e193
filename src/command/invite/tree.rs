//! `invite tree` and what staff do about a branch of it.

use crate::{
    app::invite::Codes,
    command::{
        Desk, DryRun,
        failure::Failure,
        shape::{Barred, Branch, Inviter, Moment, Tree},
        user::find,
    },
    words,
};

/// Shows somebody's place.
pub(super) async fn show(desk: &mut Desk<'_>, handle: &str) -> Result<(), Failure> {
    let id = desk.bbs.find_user(desk.actor, handle).await?;
    let found = desk.bbs.invite_tree(desk.actor, id).await?;
    if found.goes_on {
        desk.out.note(&words::command::branch_goes_on());
    }
    let branch: Vec<_> = found
        .branch
        .iter()
        .map(|node| Branch {
            handle: node.handle.to_string(),
            depth: node.depth,
            status: node.status,
            let_in: node.let_in,
            codes: node.codes,
            barred: node.is_barred,
        })
        .collect();
    let tree = Tree {
        handle: branch
            .first()
            .map_or_else(String::new, |root| root.handle.clone()),
        above: found.above.into_iter().map(|(_, handle)| handle).collect(),
        barred: found.bar.map(|bar| Barred {
            reason: bar.reason,
            by: bar.by,
            at: Moment(bar.at),
        }),
        branch,
    };
    desk.out.one(&tree, drawn);
    Ok(())
}

/// Returns the tree as lines.
fn drawn(tree: &Tree) -> String {
    let above: Vec<_> = tree.above.iter().map(String::as_str).collect();
    let mut text = words::invite::let_in_by(&above) + "\n";
    if let Some(bar) = &tree.barred {
        text += &(words::invite::barred_by(&bar.by, &bar.reason) + "\n");
    }
    let line = |one: &Branch| {
        let indent = "  ".repeat(usize::from(one.depth));
        let barred = if one.barred { ", barred" } else { "" };
        format!(
            "{indent}{}  {}, {} let in, {} out{barred}\n",
            one.handle, one.status, one.let_in, one.codes
        )
    };
    text.extend(tree.branch.iter().map(line));
    text
}

/// Bars somebody from inviting.
pub(super) async fn bar(
    desk: &mut Desk<'_>,
    handle: &str,
    reason: &str,
    codes: Codes,
    dry: DryRun,
) -> Result<(), Failure> {
    let account = find(desk, handle).await?.account;
    let board = desk.board(dry);
    let revoked = board
        .bar_from_inviting(desk.actor, account.id, reason, codes)
        .await?;
    let inviter = Inviter {
        handle: account.handle.to_string(),
        barred: true,
        revoked,
    };
    desk.out.one(&inviter, |inviter| {
        words::invite::barred(&inviter.handle, inviter.revoked) + "\n"
    });
    Ok(())
}

/// Lets somebody invite again.
pub(super) async fn unbar(desk: &mut Desk<'_>, handle: &str, dry: DryRun) -> Result<(), Failure> {
    let account = find(desk, handle).await?.account;
    let board = desk.board(dry);
    board.unbar_from_inviting(desk.actor, account.id).await?;
    let inviter = Inviter {
        handle: account.handle.to_string(),
        barred: false,
        revoked: 0,
    };
    desk.out.one(&inviter, |inviter| {
        words::invite::unbarred(&inviter.handle) + "\n"
    });
    Ok(())
}

/// Takes back whatever somebody has out.
pub(super) async fn revoke_all(
    desk: &mut Desk<'_>,
    handle: &str,
    why: &str,
    dry: DryRun,
) -> Result<(), Failure> {
    let detail = find(desk, handle).await?;
    let board = desk.board(dry);
    let id = detail.account.id;
    let revoked = board.revoke_invites_of(desk.actor, id, why).await?;
    let barred = desk.bbs.invite_tree(desk.actor, id).await?.bar.is_some();
    let inviter = Inviter {
        handle: detail.account.handle.to_string(),
        barred,
        revoked,
    };
    desk.out.one(&inviter, |inviter| {
        words::invite::revoked_all(&inviter.handle, inviter.revoked) + "\n"
    });
    Ok(())
}
