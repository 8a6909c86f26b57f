//! papo
fn main() {}
