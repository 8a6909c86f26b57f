//! What somebody sits at.

/// What somebody sits at.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Its window, in CSS pixels.
    pub size: (u32, u32),
    /// Whether it is a phone: touched rather than pointed at.
    pub phone: bool,
    /// Whether its owner likes it dark.
    pub dark: bool,
    /// The language of its browser.
    pub lang: &'static str,
}

impl Device {
    /// A desktop computer, light, in Portuguese.
    pub const DESKTOP: Self = Self { size: (1280, 800), phone: false, dark: false, lang: "pt-BR" };
    /// A phone, light, in Portuguese.
    pub const PHONE: Self = Self { size: (390, 844), phone: true, dark: false, lang: "pt-BR" };

    /// The same in the dark.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// The same in English.
    #[must_use]
    pub const fn english(self) -> Self {
        Self { lang: "en-US", ..self }
    }
}
