//! The helper functions of the PAC format: those that need the world here, the others in the prelude.

use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use rquickjs::convert::Coerced;
use rquickjs::function::{FromParam, IntoJsFunc, Opt, ParamRequirement, ParamsAccessor};
use rquickjs::{Ctx, Function, IntoJs, Object, Result, Value};
use url::Host;

use crate::proxy::pac::Clock;

use super::address::{self, Prefix};
use super::run::Run;
use super::shell;

/// Puts every helper function on the global object.
pub(super) fn install(ctx: &Ctx<'_>, run: &Rc<Run>, clock: Clock) -> Result<()> {
    if let Clock::Fixed { utc, offset } = clock {
        let replace: Function = ctx.eval(include_str!("clock.js"))?;
        let offset = f64::from(offset) * 1000.0;
        replace.call::<_, ()>((ctx.globals(), milliseconds(utc), offset))?;
    }
    let native = Object::new(ctx.clone())?;
    define(&native, "shellMatch", |subject: Arg, pattern: Arg| {
        shell::matches(&subject.0?, &pattern.0?)
    })?;
    let prelude: Function = ctx.eval(include_str!("prelude.js"))?;
    prelude.call::<_, ()>((ctx.globals(), native))?;
    classic(&ctx.globals(), run)?;
    extended(&ctx.globals(), run)
}

/// The functions of the original format. They know IPv4 only.
fn classic(globals: &Object<'_>, run: &Rc<Run>) -> Result<()> {
    let world = run.clone();
    define(
        globals,
        "isInNet",
        move |host: Arg, pattern: Arg, mask: Arg| {
            let parts = || {
                let (pattern, mask) = (address::ipv4(&pattern.0?)?, address::ipv4(&mask.0?)?);
                let host = host.0?;
                let host = address::ipv4(&host).or_else(|| first_ipv4(&world, &host))?;
                Some(address::is_in_net(host, pattern, mask))
            };
            parts().unwrap_or(false)
        },
    )?;
    let world = run.clone();
    define(globals, "dnsResolve", move |host: Arg| {
        OrNull(host.0.and_then(|host| match address::ipv4(&host) {
            Some(_) => Some(host),
            None => first_ipv4(&world, &host).map(|address| address.to_string()),
        }))
    })?;
    let world = run.clone();
    define(globals, "isResolvable", move |host: Arg| {
        host.0.is_some_and(|host| {
            address::ipv4(&host).is_some() || first_ipv4(&world, &host).is_some()
        })
    })?;
    let world = run.clone();
    define(globals, "myIpAddress", move || {
        let own = world.local_addresses();
        own.iter()
            .find(|address| address.is_ipv4())
            .or(own.first())
            .copied()
            .unwrap_or(Ipv4Addr::LOCALHOST.into())
            .to_string()
    })?;
    let world = run.clone();
    define(globals, "alert", move |text: Opt<Coerced<String>>| {
        world.alert(text.0.map(|text| text.0).as_deref().unwrap_or_default());
    })
}

/// Microsoft's extensions for IPv6.
fn extended(globals: &Object<'_>, run: &Rc<Run>) -> Result<()> {
    let world = run.clone();
    define(globals, "isResolvableEx", move |host: Arg| {
        host.0
            .is_some_and(|host| !addresses(&world, &host).is_empty())
    })?;
    let world = run.clone();
    define(globals, "dnsResolveEx", move |host: Arg| {
        host.0
            .map(|host| list(&addresses(&world, &host)))
            .unwrap_or_default()
    })?;
    let world = run.clone();
    define(globals, "isInNetEx", move |host: Arg, prefix: Arg| {
        let parts = || {
            let prefix = Prefix::parse(&prefix.0?)?;
            let found = addresses(&world, &host.0?);
            Some(found.into_iter().any(|address| prefix.contains(address)))
        };
        parts().unwrap_or(false)
    })?;
    let world = run.clone();
    define(globals, "myIpAddressEx", move || {
        list(&world.local_addresses())
    })?;
    define(globals, "sortIpAddressList", |list: Arg| {
        list.0
            .map(|list| address::sorted(&list))
            .unwrap_or_default()
    })
}

fn define<'js, P>(
    object: &Object<'js>,
    name: &str,
    function: impl IntoJsFunc<'js, P> + 'js,
) -> Result<()> {
    let function = Function::new(object.ctx().clone(), function)?.with_name(name)?;
    object.set(name, function)
}

fn first_ipv4(run: &Run, host: &str) -> Option<Ipv4Addr> {
    addresses(run, host)
        .into_iter()
        .find_map(|address| match address {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        })
}

/// The addresses of a name, or the one address that `host` is already.
fn addresses(run: &Run, host: &str) -> Vec<IpAddr> {
    match address::ip(host) {
        Some(address) => vec![address],
        None => name(host).map_or_else(Vec::new, |name| run.resolve(&name)),
    }
}

/// `host` as the resolver may be asked for it; `None` if no name looks like that.
fn name(host: &str) -> Option<String> {
    const LONGEST: usize = 253;

    let name = if host.is_ascii() {
        host.to_ascii_lowercase()
    } else if host.len() <= 4 * LONGEST {
        match Host::parse(host) {
            Ok(Host::Domain(name)) => name,
            _ => return None,
        }
    } else {
        return None;
    };
    let fits = (1..=LONGEST).contains(&name.len());
    let ordinary = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    (fits && name.bytes().all(ordinary)).then_some(name)
}

fn list(addresses: &[IpAddr]) -> String {
    let texts: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
    texts.join(";")
}

fn milliseconds(moment: SystemTime) -> f64 {
    let seconds = match moment.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_secs_f64(),
        Err(before) => -before.duration().as_secs_f64(),
    };
    (seconds * 1000.0).floor()
}

/// An argument that a script passed, if it is well-formed text.
struct Arg(Option<String>);

impl<'js> FromParam<'js> for Arg {
    fn param_requirement() -> ParamRequirement {
        ParamRequirement::optional()
    }

    fn from_param<'a>(params: &mut ParamsAccessor<'a, 'js>) -> Result<Self> {
        if params.is_empty() {
            return Ok(Self(None));
        }
        match params.arg().as_string().map(rquickjs::String::to_string) {
            None | Some(Err(rquickjs::Error::Utf8(_))) => Ok(Self(None)),
            Some(Ok(text)) => Ok(Self(Some(text))),
            // No memory for the text: the exception is set already.
            Some(Err(_)) => Err(rquickjs::Error::Exception),
        }
    }
}

/// An answer that is `null` if there is none.
struct OrNull(Option<String>);

impl<'js> IntoJs<'js> for OrNull {
    fn into_js(self, ctx: &Ctx<'js>) -> Result<Value<'js>> {
        match self.0 {
            Some(text) => text.into_js(ctx),
            None => Ok(Value::new_null(ctx.clone())),
        }
    }
}
