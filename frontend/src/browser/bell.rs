//! The sound that the reader may have with what they are told: a soft tone, made on the spot.
//!
//! Owns how it sounds. Must not know when there is something to tell.

use gloo_events::EventListener;
use web_sys::AudioContext;

use super::window;

/// How loud at first, of 1; how long it fades, in seconds. As high as a tuning fork.
const VOLUME: f32 = 0.1;
const FADES_S: f64 = 0.4;

/// Rings once, as soon as the reader has done something on the page: before that browsers let no page sound, and
/// what is late would tell nothing.
pub(crate) fn ring() {
    if window().navigator().user_activation().has_been_active() {
        // Without a sound the reader is told all the same.
        let _ = tone();
    }
}

fn tone() -> Result<(), wasm_bindgen::JsValue> {
    let context = AudioContext::new()?;
    let (tone, volume) = (context.create_oscillator()?, context.create_gain()?);
    volume.gain().set_value_at_time(VOLUME, 0.0)?;
    volume.gain().linear_ramp_to_value_at_time(0.0, FADES_S)?;
    tone.connect_with_audio_node(&volume)?.connect_with_audio_node(&context.destination())?;
    tone.start()?;
    tone.stop_with_when(FADES_S)?;
    // An open one would keep the device awake.
    let close = EventListener::once(&tone, "ended", move |_| {
        let _ = context.close();
    });
    close.forget();
    Ok(())
}
