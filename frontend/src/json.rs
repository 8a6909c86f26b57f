//! JSON as the browser reads it, taken over into Rust's types.
//!
//! Owns the way in; out it goes through `serde_json`. Must not know what is read. The browser has a parser already,
//! and this one takes only what frames are written in: a structure is never a list, nothing is guessed from its form,
//! there are no fractions, and an error says no more than that there is one. With `serde_json`'s, which takes all that
//! JSON may be, the page would weigh a tenth more.

use std::fmt;

use js_sys::{Array, JSON, Object};
use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer,
    MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::{JsCast, JsValue};

/// What a text says in JSON. None where it says something else.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(Value(JSON::parse(text).ok()?)).ok()
}

/// It is something else. What, nobody would read.
#[derive(Debug)]
struct Other;

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("something else")
    }
}

impl std::error::Error for Other {}

// All of them, since those that serde writes would bring their words along.
impl Error for Other {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// Kinds that are read as another is.
macro_rules! like {
    ($($($kind:ident)+ => $other:ident;)+) => {
        $($(
            fn $kind<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
                self.$other(visitor)
            }
        )+)+
    };
}

struct Value(JsValue);

impl Value {
    /// As a whole number: those of frames are far below what the browser's can't tell apart.
    fn whole(&self) -> Result<i64, Other> {
        let number = self.0.as_f64().ok_or(Other)?;
        let whole = number as i64;
        if whole as f64 == number { Ok(whole) } else { Err(Other) }
    }

    /// The keys and values of an object, in their order.
    fn entries(self) -> Result<Entries, Other> {
        let object = self.0.dyn_into::<Object>().map_err(|_| Other)?;
        Ok(Entries { rest: List { items: Object::entries(&object), at: 0 }, value: JsValue::UNDEFINED })
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = Other;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Other> {
        Err(Other)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        visitor.visit_bool(self.0.as_bool().ok_or(Other)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        visitor.visit_i64(self.whole()?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        visitor.visit_u64(u64::try_from(self.whole()?).map_err(|_| Other)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        visitor.visit_string(self.0.as_string().ok_or(Other)?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Other> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        visitor.visit_seq(List { items: self.0.dyn_into().map_err(|_| Other)?, at: 0 })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        visitor.visit_map(self.entries()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Other> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Other> {
        let (name, value) = match self.0.as_string() {
            Some(name) => (name, JsValue::UNDEFINED),
            None => self.entries()?.take_next().ok_or(Other)?,
        };
        visitor.visit_enum(Variant(name, Value(value)))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        visitor.visit_unit()
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Other> {
        self.deserialize_seq(visitor)
    }

    like! {
        deserialize_u8 deserialize_u16 deserialize_u32 => deserialize_u64;
        deserialize_i8 deserialize_i16 deserialize_i32 => deserialize_i64;
        deserialize_char deserialize_str deserialize_identifier => deserialize_string;
        deserialize_unit => deserialize_ignored_any;
    }

    forward_to_deserialize_any! { f32 f64 bytes byte_buf unit_struct tuple_struct }
}

struct List {
    items: Array,
    at: u32,
}

impl List {
    fn take_next(&mut self) -> Option<JsValue> {
        let at = self.at;
        self.at += 1;
        (at < self.items.length()).then(|| self.items.get(at))
    }
}

impl<'de> SeqAccess<'de> for List {
    type Error = Other;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Other> {
        self.take_next().map(|item| seed.deserialize(Value(item))).transpose()
    }
}

struct Entries {
    rest: List,
    /// Of the key that was taken last.
    value: JsValue,
}

impl Entries {
    fn take_next(&mut self) -> Option<(String, JsValue)> {
        let entry: Array = self.rest.take_next()?.unchecked_into();
        Some((entry.get(0).as_string()?, entry.get(1)))
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Other;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Other> {
        let Some((key, value)) = self.take_next() else { return Ok(None) };
        self.value = value;
        let key: StringDeserializer<Other> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Other> {
        seed.deserialize(Value(std::mem::take(&mut self.value)))
    }
}

/// One of several, by its name.
struct Variant(String, Value);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Other;
    type Variant = Value;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Value), Other> {
        let name: StringDeserializer<Other> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, self.1))
    }
}

impl<'de> VariantAccess<'de> for Value {
    type Error = Other;

    fn unit_variant(self) -> Result<(), Other> {
        if self.0.is_undefined() { Ok(()) } else { Err(Other) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Other> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Other> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Other> {
        self.deserialize_map(visitor)
    }
}
