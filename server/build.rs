//! Has the server built again when the browser client inside it has changed.

fn main() {
    println!("cargo::rerun-if-changed=../dist");
}
