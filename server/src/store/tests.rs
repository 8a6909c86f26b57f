use chat::{GERAL, Question, Scope, What};
use protocol::limits::{INDEX_STEP_BYTES, INDEXED_BYTES_MIN, REACTIONS_MAX, SEARCH_HITS};
use protocol::{Condition, Emoji, Message, Search, Text};
use tempfile::TempDir;

use super::*;

fn said(id: Option<&str>, text: &str) -> Said {
    Said {
        log: GERAL,
        at_ms: 0,
        by: 1,
        person: Some(1),
        author: Name::parse("Ana").expect("a name"),
        what: What::Message { text: text.to_owned(), answers: None },
        id: id.map(|id| LineId::try_from(id.to_owned()).expect("an id")),
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("papo #1%.db")
}

fn open(folder: &TempDir) -> Result<Store, OpenError> {
    Store::open(&Place::File(file(folder)))
}

fn append(store: &mut Store, said: Vec<Said>) -> rusqlite::Result<Vec<Outcome>> {
    store.append(said, &[])
}

fn texts(store: &Store) -> Vec<(Seq, String)> {
    let mut query = store.connection.prepare("SELECT seq, text FROM events ORDER BY seq").expect("a query");
    let rows = query.query_map([], |row| Ok((row.get::<_, i64>(0)? as Seq, row.get(1)?))).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

/// The identity of the log of `geral`.
fn epoch(store: &Store) -> Epoch {
    store.rooms().expect("rooms").into_iter().find(|room| room.log == GERAL).expect("geral").epoch
}

fn numbers(stored: &[Outcome]) -> Vec<Option<Seq>> {
    let number = |outcome: &Outcome| match outcome {
        Outcome::Stored(event) => Some(event.seq),
        _ => None,
    };
    stored.iter().map(number).collect()
}

#[test]
fn numbers_and_epoch_go_on_after_the_store_was_closed() {
    let folder = TempDir::new().unwrap();
    let mut store = open(&folder).unwrap();
    let epoch = epoch(&store);
    assert_eq!(store.end(GERAL), 0);
    assert_eq!(
        numbers(&append(&mut store, vec![said(None, "um"), said(None, "dois")]).unwrap()),
        [Some(1), Some(2)]
    );
    drop(store);
    let mut store = open(&folder).unwrap();
    assert_eq!((self::epoch(&store), store.end(GERAL)), (epoch, 2));
    assert_eq!(numbers(&append(&mut store, vec![said(None, "três")]).unwrap()), [Some(3)]);
}

#[test]
fn a_line_sent_twice_is_stored_once_and_takes_no_number() {
    let mut store = Store::open(&Place::Memory).unwrap();
    let batch = vec![said(Some("a"), "um"), said(Some("a"), "um"), said(Some("b"), "dois")];
    assert_eq!(numbers(&append(&mut store, batch).unwrap()), [Some(1), None, Some(2)]);
    assert_eq!(
        numbers(&append(&mut store, vec![said(Some("a"), "um"), said(None, "x")]).unwrap()),
        [None, Some(3)]
    );
    assert_eq!(texts(&store).len(), 3);
}

#[test]
fn an_id_is_its_authors_own() {
    let mut store = Store::open(&Place::Memory).unwrap();
    let of_bia = Said { person: Some(2), ..said(Some("a"), "dois") };
    let batch = vec![said(Some("a"), "um"), of_bia.clone(), of_bia];
    assert_eq!(numbers(&append(&mut store, batch).unwrap()), [Some(1), Some(2), None]);
}

#[test]
fn a_file_of_the_version_before_is_taken_over_and_its_lines_are_known() {
    let folder = TempDir::new().unwrap();
    let old = connect(&file_url(&file(&folder))).unwrap();
    old.execute_batch(MIGRATIONS[0]).unwrap();
    old.execute_batch(
        "INSERT INTO meta VALUES (5);
         INSERT INTO identities VALUES (1, x'07', 'Ana', 0);
         INSERT INTO events VALUES (1, 1, 0, 1, 'Ana', 'um', 'a');
         PRAGMA user_version = 1;",
    )
    .unwrap();
    old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    drop(old);
    let mut store = open(&folder).unwrap();
    let batch = vec![said(Some("a"), "um"), said(Some("b"), "dois")];
    assert_eq!(numbers(&append(&mut store, batch).unwrap()), [None, Some(2)]);
}

#[test]
fn a_batch_that_does_not_fit_is_not_stored_and_the_next_one_is() {
    let folder = TempDir::new().unwrap();
    let mut store = open(&folder).unwrap();
    append(&mut store, vec![said(Some("a"), "um")]).unwrap();
    store.limit_pages(20);
    let too_much = (0..1_000).map(|number| said(Some(&number.to_string()), &"x".repeat(4_000))).collect();
    let full = append(&mut store, too_much).unwrap_err();
    assert_eq!(full.sqlite_error_code(), Some(ErrorCode::DiskFull));
    assert_eq!((store.end(GERAL), texts(&store)), (1, vec![(1, "um".to_owned())]));
    store.limit_pages(1_000_000);
    assert_eq!(numbers(&append(&mut store, vec![said(Some("0"), "dois")]).unwrap()), [Some(2)]);
}

#[test]
fn people_are_kept_changed_and_forgotten() {
    let folder = TempDir::new().unwrap();
    let name = |name| Name::parse(name).expect("a name");
    let identity = |id, name| Identity { id, token: [id as u8; 32], name, seen_at_ms: 7 };
    let changes = [
        Change::Keep(identity(1, name("Ana"))),
        Change::Keep(identity(2, name("Bia"))),
        Change::Keep(identity(1, name("Ana Maria"))),
        Change::Forget(2),
    ];
    open(&folder).unwrap().append(Vec::new(), &changes).unwrap();
    assert_eq!(open(&folder).unwrap().identities().unwrap(), [identity(1, name("Ana Maria"))]);
}

#[test]
fn what_is_in_memory_is_another_each_time() {
    let mut one = Store::open(&Place::Memory).unwrap();
    append(&mut one, vec![said(None, "um")]).unwrap();
    let two = Store::open(&Place::Memory).unwrap();
    assert_ne!(epoch(&one), epoch(&two));
    assert_eq!(two.end(GERAL), 0);
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new().unwrap();
    let mut store = open(&folder).unwrap();
    append(&mut store, vec![said(None, "um")]).unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_file_that_is_in_use_is_left_to_who_uses_it() {
    let folder = TempDir::new().unwrap();
    let _store = open(&folder).unwrap();
    let error = open(&folder).unwrap_err();
    assert!(matches!(error, OpenError::InUse(_)), "{error}");
    assert!(error.to_string().contains("papo #1%.db is in use by another Papo"), "{error}");
}

/// The file that `make` wrote must be refused and be the same afterwards, to the byte.
fn is_refused_untouched(make: impl FnOnce(&Path), expected: &str) {
    let folder = TempDir::new().unwrap();
    make(&file(&folder));
    let before = std::fs::read(file(&folder)).unwrap();
    let error = open(&folder).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
    assert_eq!(std::fs::read(file(&folder)).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no file beside it");
}

#[test]
fn a_file_that_is_not_papos_is_refused_untouched() {
    let text = |path: &Path| std::fs::write(path, "Querido diário, ".repeat(1_000)).unwrap();
    is_refused_untouched(text, "is not a Papo database");
    let other = |path: &Path| {
        Connection::open(path).unwrap().execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    };
    is_refused_untouched(other, "is not a Papo database");
}

#[test]
fn a_file_of_a_newer_version_is_refused_untouched() {
    let newer = |path: &Path| {
        drop(Store::open(&Place::File(path.to_owned())).unwrap());
        let connection = Connection::open(path).unwrap();
        connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
        connection.pragma_update(None, "user_version", MIGRATIONS.len() as i64 + 1).unwrap();
    };
    let known = MIGRATIONS.len();
    let why = format!("was written by a newer Papo (format {}, this one knows {known})", known + 1);
    is_refused_untouched(newer, &why);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let error = Store::open(&Place::File("/nowhere/papo.db".into())).unwrap_err();
    assert!(error.to_string().starts_with("can't open /nowhere/papo.db: No such file"), "{error}");
}

fn question(words: &str) -> Question {
    let search = Search { words: words.to_owned(), ..Search::default() };
    Question { reader: None, scope: Scope::Everywhere, search }
}

/// The texts of what is found, the latest first.
fn found(store: &Store, question: &Question) -> Vec<String> {
    let found = index::search(&store.connection, question).unwrap();
    found.hits.into_iter().map(|hit| hit.message.text).collect()
}

fn finds(store: &Store, words: &str, expected: &[&str]) {
    assert_eq!(found(store, &question(words)), expected, "{words:?}");
}

/// It has to be so whether the index has all that was said, the first of it, or nothing.
fn however_much_is_indexed(store: &mut Store, check: impl Fn(&Store)) {
    check(store);
    while store.unindexed_bytes() > 0 {
        store.index_some(1, || true).unwrap();
        check(store);
    }
}

#[test]
fn what_was_said_is_found_the_latest_first_whatever_is_typed() {
    let mut store = Store::open(&Place::Memory).unwrap();
    let texts = ["Uma AÇÃO", "o copo d'água", "我有一只猫", "outra ação, e \"aspas\" NOT", "a TV"];
    append(&mut store, texts.map(|text| said(None, text)).to_vec()).unwrap();
    however_much_is_indexed(&mut store, |store| {
        finds(store, "acao", &[texts[3], texts[0]]);
        finds(store, "çÃo", &[texts[3], texts[0]]);
        finds(store, "ação outra", &[texts[3]]);
        finds(store, "acaso", &[]);
        finds(store, "猫", &[texts[2]]);
        finds(store, "只猫", &[texts[2]]);
        finds(store, "tv", &[texts[4]]);
        finds(store, "d'água", &[texts[1]]);
        finds(store, "\"aspas\" NOT", &[texts[3]]);
        finds(store, "aspas OR água", &[]);
        finds(store, "^ção* (", &[texts[3], texts[0]]);
        // Words of the index's own are not to be found.
        for word in ["open", "room1", "by616e61"] {
            finds(store, word, &[]);
        }
        finds(store, "", &[texts[4], texts[3], texts[2], texts[1], texts[0]]);
    });
}

#[test]
fn what_is_looked_for_in_a_room_by_somebody_or_at_a_time_is_found_there_alone() {
    let mut store = Store::open(&Place::Memory).unwrap();
    let obras = Room {
        log: 2,
        epoch: Epoch(2),
        kind: Kind::Open(Name::known("obras".into())),
        said_at_ms: None,
        end: 0,
        changes: VecDeque::new(),
    };
    let event = |at_ms, log, author: &str| Said {
        log,
        at_ms,
        author: Name::known(author.into()),
        ..said(None, &format!("dito em {at_ms}"))
    };
    let events = vec![event(10, 1, "Ana"), event(20, 2, "Éva"), event(20, 1, "Ana Éva"), event(30, 2, "Ana")];
    store.append(events, &[Change::Open(obras)]).unwrap();
    however_much_is_indexed(&mut store, |store| {
        let asked = |change: &dyn Fn(&mut Question)| {
            let mut question = question("dito");
            change(&mut question);
            found(store, &question)
                .iter()
                .map(|text| text.replace("dito em ", ""))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(asked(&|_| ()), "30 20 20 10");
        assert_eq!(asked(&|it| it.scope = Scope::In(2)), "30 20");
        assert_eq!(asked(&|it| it.scope = Scope::In(3)), "");
        assert_eq!(asked(&|it| it.scope = Scope::Nowhere), "");
        assert_eq!(asked(&|it| it.search.author = Some("eva".into())), "20");
        assert_eq!(asked(&|it| it.search.author = Some("an".into())), "");
        assert_eq!(asked(&|it| it.search.since_ms = Some(20)), "30 20 20");
        assert_eq!(asked(&|it| it.search.since_ms = Some(31)), "");
        assert_eq!(asked(&|it| it.search.until_ms = Some(20)), "10");
        assert_eq!(asked(&|it| it.search.until_ms = Some(i64::MIN)), "");
        assert_eq!(asked(&|it| it.search.before = Some(u64::MAX)), "30 20 20 10");
    });
}

#[test]
fn what_two_say_to_one_another_is_found_by_them_alone() {
    let mut store = Store::open(&Place::Memory).unwrap();
    let two = |log, one, other| Room {
        log,
        epoch: Epoch(log as u64),
        kind: Kind::of_two(one, other),
        said_at_ms: None,
        end: 0,
        changes: VecDeque::new(),
    };
    let bot = || Party::Guest(Name::known("12".into()));
    let rooms = [
        two(2, Party::Known(1), Party::Known(12)),
        two(3, Party::Known(2), Party::Known(1)),
        two(4, Party::Known(2), bot()),
    ];
    let events = (1..=4).map(|log| Said { log, ..said(None, &format!("segredo {log}")) }).collect();
    store.append(events, &rooms.map(Change::Open)).unwrap();
    however_much_is_indexed(&mut store, |store| {
        for (reader, expected) in [
            (None, vec!["segredo 1"]),
            (Some(1), vec!["segredo 3", "segredo 2", "segredo 1"]),
            (Some(2), vec!["segredo 4", "segredo 3", "segredo 1"]),
            (Some(12), vec!["segredo 2", "segredo 1"]),
            (Some(3), vec!["segredo 1"]),
        ] {
            assert_eq!(found(store, &Question { reader, ..question("segredo") }), expected, "{reader:?}");
            for log in 2..=4 {
                let alone = Question { reader, scope: Scope::In(log), ..question("segredo") };
                let text = format!("segredo {log}");
                assert_eq!(found(store, &alone) == [text.as_str()], expected.contains(&text.as_str()));
            }
        }
    });
}

#[test]
fn one_answer_has_so_many_hits_and_says_where_to_go_on() {
    let mut store = Store::open(&Place::Memory).unwrap();
    append(&mut store, (1..=45).map(|number| said(None, &format!("oi {number}"))).collect()).unwrap();
    however_much_is_indexed(&mut store, |store| {
        let mut pages = Vec::new();
        let mut asked = question("oi");
        loop {
            let found = index::search(&store.connection, &asked).unwrap();
            pages.push(found.hits.iter().map(|hit| hit.message.seq).collect::<Vec<_>>());
            let Some(more) = found.more else { break };
            asked.search.before = Some(more);
        }
        assert!(pages.concat().into_iter().eq((1..=45).rev()), "{pages:?}");
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [SEARCH_HITS, SEARCH_HITS, 5]);
    });
}

#[test]
fn what_was_not_indexed_when_the_store_was_closed_is_indexed_afterwards() {
    let folder = TempDir::new().unwrap();
    let mut store = open(&folder).unwrap();
    append(
        &mut store,
        (1..=3).map(|number| said(Some(&number.to_string()), &format!("oi {number}"))).collect(),
    )
    .unwrap();
    store.index_some(1, || true).unwrap();
    drop(store);
    let mut store = open(&folder).unwrap();
    assert_eq!(store.unindexed_bytes(), 2 * INDEXED_BYTES_MIN);
    // One that is there already is no more to index.
    append(&mut store, vec![said(Some("3"), "oi 3"), said(None, "oi 4")]).unwrap();
    assert_eq!(store.unindexed_bytes(), 3 * INDEXED_BYTES_MIN);
    however_much_is_indexed(&mut store, |store| finds(store, "oi", &["oi 4", "oi 3", "oi 2", "oi 1"]));
}

#[test]
fn what_does_not_fit_into_the_index_is_said_and_found_all_the_same() {
    let folder = TempDir::new().unwrap();
    let mut store = open(&folder).unwrap();
    let words =
        |number| (0..200).map(|word| format!("{:x} ", number * 7_919 + word * 104_729)).collect::<String>();
    append(&mut store, (0..100).map(|number| said(None, &words(number))).collect()).unwrap();
    let pages = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.limit_pages(pages);
    let unindexed_bytes = store.unindexed_bytes();
    let full = store.index_some(unindexed_bytes, || true).unwrap_err();
    assert_eq!(full.sqlite_error_code(), Some(ErrorCode::DiskFull));
    assert_eq!(store.unindexed_bytes(), unindexed_bytes);
    finds(&store, &words(0), &[&words(0)]);
    store.limit_pages(1_000_000);
    append(&mut store, vec![said(None, "mais")]).unwrap();
    store.index_some(store.unindexed_bytes(), || true).unwrap();
    assert_eq!(store.unindexed_bytes(), 0);
    finds(&store, &words(0), &[&words(0)]);
}

#[test]
fn what_is_changed_is_found_by_what_it_says_then_alone() {
    let mut store = Store::open(&Place::Memory).unwrap();
    append(&mut store, vec![said(None, "uma ação"), said(None, "outra")]).unwrap();
    let change = |store: &mut Store, seq, text| {
        let transaction = Transaction::begin(&mut store.connection).unwrap();
        let update = |transaction: &Transaction<'_>| {
            transaction.execute("UPDATE events SET text = ?1 WHERE seq = ?2", params![text, seq as i64])
        };
        assert_eq!(index::change(&transaction, (GERAL, seq), update).unwrap(), 1);
        transaction.commit().unwrap();
    };
    store.index_some(1, || true).unwrap();
    change(&mut store, 1, "um copo");
    change(&mut store, 2, "mais");
    however_much_is_indexed(&mut store, |store| {
        for (words, expected) in
            [("acao", &[][..]), ("outra", &[]), ("copo", &["um copo"]), ("mais", &["mais"])]
        {
            finds(store, words, expected);
        }
    });
    // Nor has the index anything under the words that are no more.
    let rows =
        store.connection.query_row("SELECT count(*) FROM found('aca')", [], |row| row.get::<_, i64>(0));
    assert_eq!(rows, Ok(0));
}

#[test]
fn what_a_file_of_a_version_before_has_is_found() {
    for version in 3..MIGRATIONS.len() {
        let folder = TempDir::new().unwrap();
        let old = connect(&file_url(&file(&folder))).unwrap();
        index::prepare(&old).unwrap();
        MIGRATIONS[..3].iter().for_each(|migration| old.execute_batch(migration).unwrap());
        old.execute_batch(
            "INSERT INTO events VALUES (1, 1, 10, 1, 'Ana', 'Uma ação', 'a', 1);
             INSERT INTO events VALUES (1, 2, 20, 1, 'Ana', 'mais ações', 'b', 1);",
        )
        .unwrap();
        MIGRATIONS[3..version].iter().for_each(|migration| old.execute_batch(migration).unwrap());
        if version >= 6 {
            old.execute_batch(
                "INSERT INTO events (log, seq, at_ms, session, author, text, did, about) VALUES
                    (1, 3, 30, 1, 'Bia', '👍', 3, 2), (1, 4, 40, 1, 'Ana', '', 1, 1);
                 INSERT INTO events (log, seq, at_ms, session, author, text) VALUES (1, 5, 50, 1, 'Ana', 'Fração');",
            )
            .unwrap();
        }
        if version == 6 {
            // Its events had their numbers in another table.
            old.execute("INSERT INTO numbered (log, seq) VALUES (1, 5)", []).unwrap();
        }
        old.pragma_update(None, "user_version", version as i64).unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        drop(old);
        let mut store = open(&folder).unwrap();
        append(&mut store, vec![said(None, "reação")]).unwrap();
        // Up to version 6 a file is indexed anew when it is taken over.
        let unindexed = if version > 6 { 4 } else { 1 };
        assert_eq!(store.unindexed_bytes(), unindexed * INDEXED_BYTES_MIN);
        however_much_is_indexed(&mut store, |store| {
            match version {
                6.. => finds(store, "acao", &["reação", "Fração", "Uma ação"]),
                _ => finds(store, "acao", &["reação", "Uma ação"]),
            }
            finds(store, "aco", &["mais ações"]);
        });
    }
}

fn at_message(store: &Store, seq: Seq) -> Message {
    record::message_now(&store.connection, GERAL, seq).unwrap()
}

fn change(by: i64, what: What) -> Said {
    Said { person: Some(by), what, ..said(None, "") }
}

fn emoji(emoji: &str) -> Emoji {
    Emoji::parse(emoji).unwrap()
}

#[test]
fn an_edited_message_is_found_by_its_new_words_alone() {
    let mut store = Store::open(&Place::Memory).unwrap();
    append(&mut store, vec![said(None, "Uma ação"), said(None, "outra")]).unwrap();
    let edit = What::Edit(Some(1), "Uma paixão".to_owned());
    assert_eq!(numbers(&append(&mut store, vec![change(1, edit)]).unwrap()), [Some(3)]);
    finds(&store, "acao", &[]);
    finds(&store, "paixao", &["Uma paixão"]);
    assert_eq!(at_message(&store, 1).condition, Condition::Edited);
}

#[test]
fn of_a_deleted_message_nothing_is_left_but_a_trace() {
    let folder = TempDir::new().unwrap();
    let mut store = open(&folder).unwrap();
    let answer = What::Message { text: "sim".to_owned(), answers: Some(1) };
    append(&mut store, vec![said(None, "segredinho"), change(2, answer)]).unwrap();
    append(&mut store, vec![change(1, What::Edit(None, "segredão".to_owned()))]).unwrap();
    append(&mut store, vec![change(2, What::React(Some(1), emoji("👍")))]).unwrap();
    append(&mut store, vec![change(1, What::Delete(None))]).unwrap();
    let trace = at_message(&store, 1);
    assert_eq!((trace.text.as_str(), trace.condition, trace.reactions.len()), ("", Condition::Deleted, 0));
    assert_eq!(at_message(&store, 2).answers.unwrap().text, "");
    finds(&store, "segred", &[]);
    drop(store);
    let bytes = std::fs::read(file(&folder)).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"segred"), "it is still in the file");
    // What is deleted is not to be changed any more.
    let mut store = open(&folder).unwrap();
    for what in
        [What::Edit(Some(1), "x".to_owned()), What::Delete(Some(1)), What::React(Some(1), emoji("👍"))]
    {
        let refused = append(&mut store, vec![change(1, what)]).unwrap();
        assert_eq!(refused, [Outcome::Refused(Text::MessageUnknown)]);
    }
}

#[test]
fn one_changes_ones_own_messages_alone() {
    let mut store = Store::open(&Place::Memory).unwrap();
    let of_guest = |by, what| Said { person: None, by, what, ..said(None, "") };
    let oi = || What::Message { text: "oi".to_owned(), answers: None };
    append(&mut store, vec![said(None, "de Ana"), of_guest(7, oi())]).unwrap();
    let edit = |seq| What::Edit(seq, "mudado".to_owned());
    let refused = [Outcome::Refused(Text::MessageUnknown)];
    assert_eq!(append(&mut store, vec![change(2, edit(Some(1)))]).unwrap(), refused);
    assert_eq!(append(&mut store, vec![change(2, edit(None))]).unwrap(), refused);
    assert_eq!(append(&mut store, vec![of_guest(8, edit(Some(2)))]).unwrap(), refused);
    assert_eq!(append(&mut store, vec![of_guest(1, edit(Some(1)))]).unwrap(), refused);
    assert_eq!(append(&mut store, vec![change(1, edit(Some(Seq::MAX)))]).unwrap(), refused);
    // Without a number it is the latest that is theirs.
    assert_eq!(numbers(&append(&mut store, vec![change(1, edit(None))]).unwrap()), [Some(3)]);
    assert_eq!(numbers(&append(&mut store, vec![of_guest(7, edit(None))]).unwrap()), [Some(4)]);
    assert_eq!([1, 2].map(|seq| at_message(&store, seq).text), ["mudado", "mudado"]);
    assert_eq!(store.rooms().unwrap()[0].changes, [3, 4]);
}

#[test]
fn a_reaction_is_taken_back_by_the_same_again_and_one_sent_twice_counts_once() {
    let mut store = Store::open(&Place::Memory).unwrap();
    append(&mut store, vec![said(None, "oi")]).unwrap();
    let react = |by, id: Option<&str>| {
        let id = id.map(|id| LineId::try_from(id.to_owned()).unwrap());
        Said { id, ..change(by, What::React(None, emoji("👍"))) }
    };
    let counts = |store: &Store| at_message(store, 1).reactions.iter().map(|it| it.count).collect::<Vec<_>>();
    // Nobody reacts to themselves unasked.
    assert_eq!(append(&mut store, vec![react(1, None)]).unwrap(), [Outcome::Refused(Text::MessageUnknown)]);
    append(&mut store, vec![react(2, Some("a")), react(3, None)]).unwrap();
    assert_eq!(append(&mut store, vec![react(2, Some("a"))]).unwrap(), [Outcome::Known]);
    assert_eq!(counts(&store), [2]);
    append(&mut store, vec![react(2, Some("b"))]).unwrap();
    assert_eq!(counts(&store), [1]);
    append(&mut store, vec![react(3, None)]).unwrap();
    assert!(counts(&store).is_empty());
    assert_eq!(store.end(GERAL), 5);
}

#[test]
fn a_message_has_so_many_kinds_of_reactions_and_no_more() {
    let mut store = Store::open(&Place::Memory).unwrap();
    append(&mut store, vec![said(None, "oi")]).unwrap();
    let kinds = ('\u{1F400}'..).take(REACTIONS_MAX + 1).map(|c| emoji(&c.to_string()));
    let all = kinds.map(|emoji| change(2, What::React(Some(1), emoji))).collect();
    let outcomes = append(&mut store, all).unwrap();
    assert_eq!(outcomes.last(), Some(&Outcome::Refused(Text::ReactionsFull)));
    // One more of a kind that is there is welcome.
    append(&mut store, vec![change(3, What::React(Some(1), emoji("\u{1F400}")))]).unwrap();
    let reactions = at_message(&store, 1).reactions;
    assert_eq!((reactions.len(), reactions[0].count), (REACTIONS_MAX, 2));
}

#[test]
fn the_index_comes_to_an_end_whatever_was_edited_before_it_came() {
    let mut store = Store::open(&Place::Memory).unwrap();
    append(&mut store, vec![said(None, &"x".repeat(3_000)), said(None, "dois")]).unwrap();
    append(&mut store, vec![change(1, What::Edit(Some(1), "um".to_owned()))]).unwrap();
    while store.unindexed_bytes() > 0 {
        store.index_some(1, || true).unwrap();
    }
    append(&mut store, vec![change(1, What::Edit(Some(2), "y".repeat(3_000))), said(None, "z")]).unwrap();
    while store.unindexed_bytes() > 0 {
        store.index_some(1, || true).unwrap();
    }
    finds(&store, "um", &["um"]);
}

#[test]
fn who_waits_for_the_index_waits_for_no_whole_slice() {
    let mut store = Store::open(&Place::Memory).unwrap();
    let words: Vec<_> = (0..100).map(|number| format!("oi {number}")).collect();
    append(&mut store, words.iter().map(|it| said(None, it)).collect()).unwrap();
    let slice_bytes = store.unindexed_bytes();
    assert!(store.index_some(slice_bytes, || false).unwrap());
    assert_eq!(store.unindexed_bytes(), slice_bytes - INDEX_STEP_BYTES);
    words.iter().skip(10).for_each(|it| finds(&store, it, &[it]));
    // What is left is no slice.
    while store.index_some(slice_bytes, || true).unwrap() {}
    assert_eq!(store.unindexed_bytes(), slice_bytes - INDEX_STEP_BYTES);
}

#[test]
fn the_index_is_merged_a_little_at_a_time_and_in_the_end_has_few_parts() {
    const SLICE_BYTES: usize = 4096;
    let mut store = Store::open(&Place::Memory).unwrap();
    let mut most = 0;
    for first in (0..9_600_u64).step_by(32) {
        let words: String = (first..first + 32).map(|n| format!("{:x} ", n * 2_654_435_761)).collect();
        append(&mut store, vec![said(None, &words); 16]).unwrap();
        let mut before = store.index.total_changes();
        while store.index_some(SLICE_BYTES, || true).unwrap() {
            most = most.max(store.index.total_changes() - before);
            before = store.index.total_changes();
        }
    }
    let parts = store
        .connection
        .query_row("SELECT count(DISTINCT segid) FROM found_idx", [], |row| row.get::<_, i64>(0))
        .unwrap();
    // Merged by SQLite, it would have written 1,192 rows at once; never merged, it would have 16 parts and more.
    assert!(most < 500 && parts < 12, "{most} rows written at once, {parts} parts");
}
