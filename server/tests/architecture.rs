//! What ARCHITECTURE.md says of the code, as far as a program can check it.

use std::path::{Path, PathBuf};
use std::process::Command;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_rules_depend_on_no_runtime() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", "chat", "--edges", "normal", "--prefix", "none", "--offline"])
        .current_dir(top())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.contains("protocol v"), "{tree}");
    for runtime in ["tokio", "hyper", "warp", "mio", "rand", "getrandom", "futures", "yew", "web-sys"] {
        assert!(
            !tree.lines().any(|line| line.starts_with(&format!("{runtime} "))),
            "chat depends on {runtime}"
        );
    }
}

#[test]
fn architecture_names_only_files_that_exist() {
    let page = std::fs::read_to_string(top().join("ARCHITECTURE.md")).unwrap();
    let files: Vec<_> = page.split('`').skip(1).step_by(2).filter(|code| is_file_name(code)).collect();
    assert!(files.len() > 15, "{files:?}");
    let folders = ["", "server/src", "chat/src", "protocol/src", "frontend/src"];
    for file in files {
        assert!(folders.iter().any(|folder| top().join(folder).join(file).exists()), "{file} is not there");
    }
}

fn is_file_name(code: &str) -> bool {
    code.ends_with(".rs") || code.ends_with(".toml") || code.ends_with(".md") || code.ends_with('/')
}
