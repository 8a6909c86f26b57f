//! A long conversation: only what is near the screen is in the page, and nobody notices.

use e2e::{Bot, Device, Papo, Person};

/// Rows that may be in the page, on a screen that shows some thirty.
const ROWS_IN_PAGE_MAX: usize = 250;

fn message(number: usize) -> String {
    let story = if number.is_multiple_of(7) { " e mais uma linha\ndesta história" } else { "" };
    format!("mensagem {number}{}", story.repeat(number % 4))
}

async fn a_conversation(papo: &Papo, count: usize) -> Bot {
    let mut bot = Bot::named(papo, "Robô").await;
    for number in 1..=count {
        bot.says(&message(number)).await;
    }
    bot.is_heard().await;
    bot
}

/// Scrolls back to the beginning, and looks how many rows are in the page on the way.
async fn reads_back_to_the_beginning(person: &Person) {
    let mut oldest = person.messages().await.swap_remove(0);
    loop {
        person.reads_at(0).await;
        let Some(older) = person.sees_an_older_one_than(&oldest).await else { return };
        oldest = older;
        let rows = person.rows_in_the_page().await;
        assert!(rows <= ROWS_IN_PAGE_MAX, "{rows} rows are in the page at {oldest:?}");
    }
}

#[tokio::test]
async fn of_ten_thousand_messages_only_those_near_the_screen_are_in_the_page() {
    const SAID: usize = 10_000;
    let papo = Papo::start().await;
    let _bot = a_conversation(&papo, SAID).await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.sees_message("Robô", &message(SAID)).await;
    reads_back_to_the_beginning(&ana).await;
    ana.reads_at(0).await;
    ana.sees_message("Robô", &message(1)).await;
    // To the end in one go, to the middle, and on from there both ways.
    ana.reads_at(u32::MAX / 4).await;
    ana.sees_message("Robô", &message(SAID)).await;
    ana.reads_at(150_000).await;
    for step_px in [-300, -37, 500] {
        let moved_px = ana.scrolls_by(step_px, 40).await.expect("rows wherever one looks");
        assert!(moved_px <= 1.0, "{moved_px} px by steps of {step_px} px");
        let rows = ana.rows_in_the_page().await;
        assert!(rows <= ROWS_IN_PAGE_MAX, "{rows} rows are in the page");
    }
    // And coming back to the room, of which the page has kept all.
    ana.says("/sala obras").await;
    ana.is_in("obras").await;
    ana.goes_to("geral").await;
    ana.sees_message("Robô", &message(SAID)).await;
    let rows = ana.rows_in_the_page().await;
    assert!(rows <= ROWS_IN_PAGE_MAX, "{rows} rows are in the page");
}

#[tokio::test]
async fn in_another_width_nothing_moves_but_what_one_scrolls() {
    let papo = Papo::start().await;
    let _bot = a_conversation(&papo, 1_000).await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.sees_message("Robô", &message(1_000)).await;
    reads_back_to_the_beginning(&ana).await;
    ana.reads_at(10_000).await;
    for device in [Device::PHONE, Device::DESKTOP] {
        ana.reads_on().await;
        ana.sits_at(device).await;
        for step_px in [-200, 200] {
            let moved_px = ana.scrolls_by(step_px, 30).await.expect("rows wherever one looks");
            assert!(moved_px <= 1.0, "{moved_px} px by steps of {step_px} px on {device:?}");
        }
    }
}

#[tokio::test]
async fn a_message_that_comes_changes_nothing_but_its_own_row() {
    let papo = Papo::start().await;
    let mut bot = a_conversation(&papo, 120).await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.sees_message("Robô", &message(120)).await;
    ana.watches_the_conversation().await;
    bot.says("e mais esta").await;
    ana.sees_message("Robô", "e mais esta").await;
    for (row, live) in ana.has_seen_changes().await.concat() {
        assert!(row.contains("e mais esta"), "{row:?} changed too");
        assert_eq!(live, "polite");
    }
}

#[tokio::test]
async fn what_is_drawn_again_is_not_read_out_again_and_what_comes_meanwhile_is() {
    const SAID: usize = 400;
    let papo = Papo::start().await;
    let mut bot = Bot::named(&papo, "Robô").await;
    let ana = Person::joins(&papo, "Ana").await;
    for number in 1..=SAID {
        bot.says(&message(number)).await;
    }
    ana.sees_message("Robô", &message(SAID)).await;
    ana.reads_at(0).await;
    ana.sees_message("Robô", &message(1)).await;
    ana.watches_the_conversation().await;
    bot.says("quem lê lá em cima ouve isto").await;
    ana.sees_message("Robô", "quem lê lá em cima ouve isto").await;
    ana.reads_all_of_it().await;
    let changes = ana.has_seen_changes().await.concat();
    let told: Vec<_> = changes.iter().filter(|(_, live)| live == "polite").collect();
    assert!(!told.is_empty() && told.iter().all(|(row, _)| row.contains("quem lê")), "{told:?}");
    assert!(changes.iter().any(|(row, live)| row.contains("mensagem 200") && live == "off"));
}

#[tokio::test]
async fn a_flood_is_drawn_a_few_times_and_not_once_for_each_message() {
    const SAID: usize = 2_000;
    let papo = Papo::start().await;
    let mut bot = Bot::named(&papo, "Robô").await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.watches_the_conversation().await;
    for number in 1..=SAID {
        bot.says(&message(number)).await;
    }
    ana.sees_message("Robô", &message(SAID)).await;
    let drawings = ana.has_seen_changes().await.len();
    assert!(drawings < SAID / 2, "{drawings} drawings");
    let rows = ana.rows_in_the_page().await;
    assert!(rows <= ROWS_IN_PAGE_MAX, "{rows} rows are in the page");
}

#[tokio::test]
async fn what_has_the_focus_stays_where_it_is_however_far_one_scrolls() {
    let papo = Papo::start().await;
    let mut bot = a_conversation(&papo, 300).await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.sees_message("Robô", &message(300)).await;
    bot.says("veja https://example.org/").await;
    ana.element(".row .text a").await.focus().await.expect("a link");
    reads_back_to_the_beginning(&ana).await;
    ana.element(".row .text a:focus").await;
}
