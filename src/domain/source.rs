//! Where callers come from: sources, and lists of networks. No limit is counted
//! here.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use ipnet::IpNet;

/// Where a caller comes from, as limits count it: an IPv4 address, or the /64
/// that one IPv6 customer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source(Prefix);

/// Ten bytes: tables of sources are large when it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Prefix {
    V4([u8; 4]),
    V6([u16; 4]),
}

/// The text is not a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a source")]
pub struct SourceProblem;

impl Source {
    /// Returns the source of `address`; a mapped `::ffff:a.b.c.d` is IPv4.
    pub const fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(Prefix::V4(address.octets())),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self(Prefix::V6([a, b, c, d]))
            }
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Prefix::V4(octets) => Ipv4Addr::from(octets).fmt(f),
            Prefix::V6(prefix) => f.pad(&format!("{}/64", first_of(prefix))),
        }
    }
}

/// Returns the first address of a /64.
const fn first_of([a, b, c, d]: [u16; 4]) -> Ipv6Addr {
    Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)
}

impl FromStr for Source {
    type Err = SourceProblem;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_suffix("/64")
            .unwrap_or(text)
            .parse()
            .map(Self::of)
            .map_err(|_| SourceProblem)
    }
}

/// A network such as `10.0.0.0/8`, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network(IpNet);

/// The text is not a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a network")]
pub struct NetworkProblem;

impl Network {
    /// Whether `address` is in it; a mapped address counts as IPv4.
    pub fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Whether some address is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.0.contains(&other.0) || other.0.contains(&self.0)
    }
}

impl From<Source> for Network {
    /// Returns all addresses of a source.
    fn from(source: Source) -> Self {
        Self(match source.0 {
            Prefix::V4(octets) => IpNet::from(IpAddr::from(octets)),
            Prefix::V6(prefix) => IpNet::new_assert(first_of(prefix).into(), 64),
        })
    }
}

impl FromStr for Network {
    type Err = NetworkProblem;

    /// Reads a network or an address; what is behind its prefix does not count,
    /// and a mapped `::ffff:a.b.c.d` is IPv4.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<IpAddr>()
            .map(|address| IpNet::from(address.to_canonical()))
            .or_else(|_| text.parse::<IpNet>().map(unmapped))
            .map(|network| Self(network.trunc()))
            .map_err(|_| NetworkProblem)
    }
}

/// Returns a network of mapped addresses as the IPv4 network it is.
fn unmapped(network: IpNet) -> IpNet {
    // The 96 bits of `::ffff:0:0`.
    let bits = network.prefix_len().checked_sub(96);
    match (network.addr().to_canonical(), bits) {
        (IpAddr::V4(address), Some(bits)) if network.addr().is_ipv6() => {
            IpNet::new(address.into(), bits).unwrap_or(network)
        }
        _ => network,
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

/// One entry of a list is not a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a network: {entry}")]
pub struct CidrProblem {
    /// The entry as it was written.
    pub entry: String,
}

/// A list of networks, such as those that no limit holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cidrs(Vec<IpNet>);

impl Cidrs {
    /// Reads a list such as `127.0.0.0/8, ::1`; an empty text is an empty list.
    pub fn parse(text: &str) -> Result<Self, CidrProblem> {
        text.split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(|entry| {
                entry
                    .parse()
                    .or_else(|_| entry.parse::<IpAddr>().map(IpNet::from))
                    .map_err(|_| CidrProblem {
                        entry: entry.to_owned(),
                    })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Returns the networks of the machine itself.
    pub fn loopback() -> Self {
        Self(vec![
            IpNet::new_assert(Ipv4Addr::LOCALHOST.into(), 8).trunc(),
            IpNet::from(IpAddr::from(Ipv6Addr::LOCALHOST)),
        ])
    }

    /// Whether `address` is in one of the networks; a mapped address counts as
    /// IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl Default for Cidrs {
    fn default() -> Self {
        Self::loopback()
    }
}

impl fmt::Display for Cidrs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.pad(&networks.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(address: &str) -> Source {
        Source::of(address.parse().unwrap())
    }

    #[test]
    fn an_ipv4_caller_is_one_address() {
        assert_eq!(source("192.0.2.7").to_string(), "192.0.2.7");
        assert_ne!(source("192.0.2.7"), source("192.0.2.8"));
    }

    #[test]
    fn a_mapped_address_is_ipv4() {
        assert_eq!(source("::ffff:192.0.2.7"), source("192.0.2.7"));
    }

    #[test]
    fn an_ipv6_caller_is_a_64() {
        assert_eq!(
            source("2001:db8:1:2:a:b:c:d").to_string(),
            "2001:db8:1:2::/64"
        );
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
    }

    #[test]
    fn a_source_is_small() {
        assert_eq!(size_of::<Source>(), 10);
    }

    #[test]
    fn a_source_is_read_as_it_is_written() {
        for address in ["192.0.2.7", "2001:db8:1:2::7"] {
            assert_eq!(source(address).to_string().parse(), Ok(source(address)));
        }
        assert_eq!("somewhere".parse::<Source>(), Err(SourceProblem));
    }

    #[test]
    fn networks_and_single_addresses_are_read() {
        let list = Cidrs::parse("10.0.0.0/8,192.0.2.7 , 2001:db8::/32,").unwrap();
        for (address, inside) in [
            ("10.9.8.7", true),
            ("::ffff:10.9.8.7", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("2001:db8:5::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(list.contains(address.parse().unwrap()), inside, "{address}");
        }
        assert_eq!(Cidrs::parse(&list.to_string()), Ok(list));
    }

    #[test]
    fn a_network_is_read_however_it_is_written() {
        for (written, read) in [
            ("10.9.8.7/8", "10.0.0.0/8"),
            ("192.0.2.7", "192.0.2.7/32"),
            ("::ffff:192.0.2.7", "192.0.2.7/32"),
            ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("2001:db8::1", "2001:db8::1/128"),
        ] {
            assert_eq!(written.parse::<Network>().unwrap().to_string(), read);
        }
        for text in ["", "home", "10.0.0.0/33", "10.0.0.0/8,", "10.0.0/8"] {
            assert_eq!(text.parse::<Network>(), Err(NetworkProblem), "{text:?}");
        }
    }

    #[test]
    fn a_network_overlaps_a_source_that_is_in_it_or_around_it() {
        let overlaps = |network: &str, address: &str| {
            let network: Network = network.parse().unwrap();
            network.overlaps(source(address).into())
        };
        assert!(overlaps("192.0.2.0/24", "192.0.2.7"));
        assert!(!overlaps("192.0.2.0/24", "192.0.3.7"));
        assert!(overlaps("2001:db8::/32", "2001:db8::1"));
        assert!(overlaps("2001:db8::9", "2001:db8::1"));
        assert!(!overlaps("2001:db8:0:1::9", "2001:db8::1"));
        assert!(!overlaps("::/0", "192.0.2.7"));
    }

    #[test]
    fn the_entry_that_is_no_network_is_named() {
        assert_eq!(Cidrs::parse("10.0.0.0/8, home").unwrap_err().entry, "home");
        assert!(Cidrs::parse("10.0.0.0/33").is_err());
    }

    #[test]
    fn the_machine_itself_is_the_default() {
        let list = Cidrs::default();
        assert_eq!(list.to_string(), "127.0.0.0/8, ::1/128");
        assert!(list.contains("127.5.5.5".parse().unwrap()));
        assert!(!list.contains("192.0.2.1".parse().unwrap()));
    }

    #[test]
    fn an_empty_text_is_an_empty_list() {
        assert!(
            !Cidrs::parse("")
                .unwrap()
                .contains("127.0.0.1".parse().unwrap())
        );
    }
}
