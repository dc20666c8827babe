//! Node's own test runner.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// The runner for those files of a folder whose names end like this.
pub(crate) fn tests(folder: &Path, ending: &str) -> io::Result<Command> {
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec"]).args(files(folder, ending)?);
    Ok(command)
}

/// Node's own way to find tests changed between its versions: they are named.
fn files(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(ending) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn a_runner_gets_the_files_of_its_ending_and_no_others() {
        let files = files(&workspace::at("tests/browser"), ".firefox.mjs").unwrap();
        assert_eq!(files, [workspace::at("tests/browser/demo_job.firefox.mjs")]);
    }
}
