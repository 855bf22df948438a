//! One loaded script, in a JavaScript engine that has nothing but the helper functions.

use std::rc::Rc;

use rquickjs::context::{EvalOptions, intrinsic};
use rquickjs::{Context, Ctx, Function, Runtime, Type, Value};

use crate::PeerText;
use crate::proxy::pac::{Clock, PacError, PacPhase, PacTarget};

use super::run::{Run, Stop};
use super::{PacLimits, predefined};

/// What a script has of the language: all of it except shared memory and waiting, weak references and timing, which
/// no script needs to choose a proxy.
type Language = (
    intrinsic::Date,
    intrinsic::Eval,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::Proxy,
    intrinsic::MapSet,
    intrinsic::Promise,
);

/// A script that was loaded and can be called.
pub(super) struct Sandbox {
    context: Context,
    runtime: Runtime,
    run: Rc<Run>,
    limits: PacLimits,
}

impl Sandbox {
    /// Parses the script and runs its top level.
    pub(super) fn load(
        text: &str,
        clock: Clock,
        run: &Rc<Run>,
        limits: &PacLimits,
    ) -> Result<Self, PacError> {
        let runtime = Runtime::new().map_err(|_| PacError::EngineFailed)?;
        let context = Context::custom::<Language>(&runtime).map_err(|_| PacError::EngineFailed)?;
        runtime.set_max_stack_size(limits.stack);
        let sandbox = Self {
            context,
            runtime,
            run: run.clone(),
            limits: limits.clone(),
        };
        sandbox
            .context
            .with(|ctx| predefined::install(&ctx, run, clock))
            .map_err(|_| PacError::EngineFailed)?;

        // From here on everything is the script's own doing.
        sandbox.runtime.set_memory_limit(limits.memory);
        let budget = run.clone();
        sandbox
            .runtime
            .set_interrupt_handler(Some(Box::new(move || budget.stop().is_some())));
        run.begin(limits.load_time);
        sandbox
            .attempt(PacPhase::Load, |ctx| {
                let mut options = EvalOptions::default();
                options.strict = false;
                options.filename = Some(FILE.to_owned());
                ctx.eval_with_options::<Value, _>(text, options)?;
                Ok(Ok(()))
            })
            .map_err(|error| looks_like_html(error, text))?;
        Ok(sandbox)
    }

    /// Asks the script for the way to `target`.
    pub(super) fn call(&self, target: &PacTarget) -> Result<String, PacError> {
        self.run.begin(self.limits.call_time);
        self.attempt(PacPhase::Call, |ctx| match entry_point(ctx)? {
            Some(entry) => {
                let answer: Value = entry.call((target.url(), target.host()))?;
                self.text(&answer)
            }
            None => Ok(Err(PacError::NoEntryPoint)),
        })
    }

    /// Whether the script has left something behind that would be there in the next call: then it is better loaded again.
    pub(super) fn is_spent(&self) -> bool {
        self.run.stopped().is_some() || self.runtime.is_job_pending()
    }

    /// The bytes that the JavaScript engine holds.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        usize::try_from(self.runtime.memory_usage().malloc_size).unwrap_or_default()
    }

    fn text(&self, answer: &Value<'_>) -> rquickjs::Result<Result<String, PacError>> {
        let Some(text) = answer.as_string() else {
            return Ok(Err(PacError::NotAString { got: kind(answer) }));
        };
        let limit = self.limits.result_bytes;
        Ok(match text.to_string() {
            Ok(text) if text.len() > limit => Err(PacError::ResultTooLarge { limit }),
            Ok(text) => Ok(text),
            Err(rquickjs::Error::Utf8(_)) => Err(PacError::MalformedResult),
            // No memory for the text: the exception is set already.
            Err(_) => return Err(rquickjs::Error::Exception),
        })
    }

    /// Lets the script do something, and turns what it throws into an error. A script that was stopped has no other
    /// outcome than that.
    fn attempt<T>(
        &self,
        phase: PacPhase,
        step: impl FnOnce(&Ctx<'_>) -> rquickjs::Result<Result<T, PacError>>,
    ) -> Result<T, PacError> {
        let outcome = match self.context.with(|ctx| step(&ctx)) {
            Ok(outcome) => outcome,
            Err(rquickjs::Error::Exception) => {
                // If there is no memory left, there is none for looking at the error either.
                let more = self.limits.memory.saturating_add(ERROR_MEMORY);
                self.runtime.set_memory_limit(more);
                let error = self.context.with(|ctx| self.thrown(&ctx, phase));
                self.runtime.set_memory_limit(self.limits.memory);
                Err(error)
            }
            Err(rquickjs::Error::Allocation) => Err(self.out_of_memory(phase)),
            Err(_) => Err(PacError::EngineFailed),
        };
        self.unless_stopped(phase, outcome)
    }

    fn unless_stopped<T>(
        &self,
        phase: PacPhase,
        outcome: Result<T, PacError>,
    ) -> Result<T, PacError> {
        match self.run.stopped() {
            Some(Stop::Names) => Err(PacError::DnsBudget),
            Some(Stop::Time) => Err(PacError::Timeout {
                phase,
                limit: match phase {
                    PacPhase::Load => self.limits.load_time,
                    PacPhase::Call => self.limits.call_time,
                },
            }),
            None => outcome,
        }
    }

    fn thrown(&self, ctx: &Ctx<'_>, phase: PacPhase) -> PacError {
        let thrown = ctx.catch();
        let property = |name| {
            let value = thrown.as_object()?.get::<_, Value>(name).ok()?;
            value.as_string()?.to_string().ok()
        };
        let name = property("name").unwrap_or_default();
        let said = property("message").or_else(|| thrown.as_string()?.to_string().ok());
        let stack = property("stack").unwrap_or_default();
        // Reading a property may have thrown in its turn.
        ctx.catch();

        let message = said.unwrap_or_default();
        match (name.as_str(), message.as_str()) {
            // There was not even memory for an error. A script that throws `null` itself is taken for that, too.
            ("", "") if thrown.is_null() => self.out_of_memory(phase),
            // There was none for the error's text.
            ("InternalError", "") | (_, "Invalid error message") => self.out_of_memory(phase),
            ("InternalError", said) if said.starts_with("out of memory") => {
                self.out_of_memory(phase)
            }
            ("RangeError", "Maximum call stack size exceeded") => PacError::StackLimit { phase },
            ("InternalError" | "SyntaxError", said) if said.starts_with("stack overflow") => {
                PacError::StackLimit { phase }
            }
            ("SyntaxError", said) if was_parsing(&stack) => PacError::NotAScript {
                looks_like_html: false,
                message: PeerText::new(said),
                line: line(&stack),
            },
            (_, said) => PacError::Exception {
                phase,
                message: PeerText::new(said),
                line: line(&stack),
            },
        }
    }

    fn out_of_memory(&self, phase: PacPhase) -> PacError {
        PacError::MemoryLimit {
            phase,
            limit: self.limits.memory,
        }
    }
}

/// What looking at an error may need on top, in bytes.
const ERROR_MEMORY: usize = 64 << 10;

/// The name of the script in the engine's own messages.
const FILE: &str = "pac";

/// Microsoft's entry point goes first, as on Windows.
fn entry_point<'js>(ctx: &Ctx<'js>) -> rquickjs::Result<Option<Function<'js>>> {
    for name in ["FindProxyForURLEx", "FindProxyForURL"] {
        let value: Value = ctx.globals().get(name)?;
        if let Some(function) = value.into_function() {
            return Ok(Some(function));
        }
    }
    Ok(None)
}

/// What a value is, in the words of JavaScript, with the objects told apart that scripts return by mistake.
fn kind(value: &Value<'_>) -> &'static str {
    match value.type_of() {
        Type::Undefined => "undefined",
        Type::Null => "null",
        Type::Bool => "boolean",
        Type::Int | Type::Float => "number",
        Type::BigInt => "bigint",
        Type::Symbol => "symbol",
        Type::Array => "array",
        Type::Promise => "promise",
        Type::Function | Type::Constructor => "function",
        _ => "object",
    }
}

/// Whether an error comes from the parser: then its stack begins in the script, in no function.
fn was_parsing(stack: &str) -> bool {
    stack
        .trim_start()
        .strip_prefix("at ")
        .and_then(|place| place.strip_prefix(FILE))
        .is_some_and(|place| place.starts_with(':'))
}

/// The first line number in a stack that belongs to the script: `at name (pac:12:5)`.
fn line(stack: &str) -> Option<u32> {
    let (_, position) = stack.split_once(&format!("{FILE}:"))?;
    let digits: &str = position.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn looks_like_html(error: PacError, text: &str) -> PacError {
    match error {
        PacError::NotAScript { message, line, .. } => PacError::NotAScript {
            looks_like_html: text
                .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}')
                .starts_with('<'),
            message,
            line,
        },
        other => other,
    }
}
