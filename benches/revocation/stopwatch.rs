//! Time that is comparable on a shared machine.

use std::time::{Duration, Instant};

use crate::Result;

/// What takes part in a race: does its work some times and tells how long one took.
pub(crate) type Racer<'a> = &'a mut dyn FnMut() -> Result<Duration>;

/// The best time of each. They take turns, so that a busy moment of the machine hits all alike.
pub(crate) fn race<const N: usize>(
    rounds: u32,
    mut racers: [Racer<'_>; N],
) -> Result<[Duration; N]> {
    let mut best = [Duration::MAX; N];
    for _ in 0..rounds {
        for (racer, best) in racers.iter_mut().zip(&mut best) {
            *best = (*best).min(racer()?);
        }
    }
    Ok(best)
}

/// How long `work` takes once, if done some times.
pub(crate) fn batch(times: u32, mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    for _ in 0..times {
        work()?;
    }
    Ok(start.elapsed() / times)
}

/// One time as a multiple of another.
pub(crate) fn multiple(time: Duration, of: Duration) -> f64 {
    time.as_secs_f64() / of.as_secs_f64()
}
