//! How fast lines may come from one session: a burst, then so many a second (a token bucket).
//! Has no clock of its own.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use protocol::limits::{PACE_BURST_LINES, PACE_LINES_PER_SECOND};

/// The pace allowed, written `20/5` (20 lines at once, then 5 a second) or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As fast as they come; for load tests.
    Off,
    /// So many.
    Lines {
        /// Lines at once.
        burst: u32,
        /// Lines a second after that.
        per_second: u32,
    },
}

impl Default for Pace {
    fn default() -> Self {
        Self::Lines { burst: PACE_BURST_LINES, per_second: PACE_LINES_PER_SECOND }
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Lines { burst, per_second } => write!(f, "{burst}/{per_second}"),
        }
    }
}

impl FromStr for Pace {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self::Off);
        }
        let positive = |number: &str| number.parse().ok().filter(|&number: &u32| number > 0);
        let pace = text.split_once('/').and_then(|(burst, per_second)| {
            Some(Self::Lines { burst: positive(burst)?, per_second: positive(per_second)? })
        });
        pace.ok_or("write it as 20/5, 20 lines at once and then 5 a second, or off")
    }
}

/// The pace of one session: when the bucket will be full again.
///
/// Each line puts that moment off by the time one line takes; a line that would put it off beyond the
/// whole burst is too fast.
#[derive(Debug, Default)]
pub(crate) struct Pacer {
    full_at: Option<Instant>,
}

impl Pacer {
    /// Lets one line pass at `now`.
    ///
    /// # Errors
    /// How many whole seconds to wait until a line may pass; the line does not count.
    pub(crate) fn pass(&mut self, pace: Pace, now: Instant) -> Result<(), u64> {
        let Pace::Lines { burst, per_second } = pace else { return Ok(()) };
        let line = Duration::from_secs(1) / per_second;
        let full_at = self.full_at.map_or(now, |full_at| full_at.max(now)) + line;
        let too_far = (full_at - now).saturating_sub(line * burst);
        if !too_far.is_zero() {
            return Err(too_far.as_secs_f64().ceil() as u64);
        }
        self.full_at = Some(full_at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_so_many_a_second() {
        let start = Instant::now();
        let (mut pacer, pace) = (Pacer::default(), Pace::Lines { burst: 20, per_second: 5 });
        for _ in 0..20 {
            assert_eq!(pacer.pass(pace, start), Ok(()));
        }
        assert_eq!(pacer.pass(pace, start), Err(1));
        let mut passed = 0;
        for tenths in 1..=10 {
            passed += u32::from(pacer.pass(pace, start + Duration::from_millis(100 * tenths)).is_ok());
        }
        assert_eq!(passed, 5);
    }

    #[test]
    fn a_rest_fills_the_bucket_and_no_more() {
        let start = Instant::now();
        let (mut pacer, pace) = (Pacer::default(), Pace::Lines { burst: 2, per_second: 1 });
        assert_eq!(pacer.pass(pace, start), Ok(()));
        let later = start + Duration::from_secs(3600);
        assert_eq!(pacer.pass(pace, later), Ok(()));
        assert_eq!(pacer.pass(pace, later), Ok(()));
        assert_eq!(pacer.pass(pace, later), Err(1));
    }

    #[test]
    fn lines_refused_do_not_put_the_next_one_off() {
        let start = Instant::now();
        let (mut pacer, pace) = (Pacer::default(), Pace::Lines { burst: 1, per_second: 1 });
        assert_eq!(pacer.pass(pace, start), Ok(()));
        for _ in 0..10_000 {
            assert_eq!(pacer.pass(pace, start), Err(1));
        }
        assert_eq!(pacer.pass(pace, start + Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn off_lets_everything_pass() {
        let (mut pacer, pace) = (Pacer::default(), Pace::Off);
        assert!((0..100_000).all(|_| pacer.pass(pace, Instant::now()).is_ok()));
    }

    #[test]
    fn it_is_written_as_on_the_command_line() {
        assert_eq!("20/5".parse(), Ok(Pace::default()));
        assert_eq!("off".parse(), Ok(Pace::Off));
        assert_eq!(Pace::default().to_string(), "20/5");
        for bad in ["", "20", "0/5", "20/0", "-1/5", "a/b", "5/", "99999999999/1"] {
            assert!(bad.parse::<Pace>().is_err(), "{bad:?}");
        }
    }
}
