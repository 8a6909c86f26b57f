//! What was said before one came.

use e2e::{Bot, Papo, Person};

const SAID: usize = 1_000;

/// A message that is told from all others; every seventh is a few lines long.
fn message(number: usize) -> String {
    let story = if number.is_multiple_of(7) { " e mais uma linha\ndesta história" } else { "" };
    format!("mensagem {number}{}", story.repeat(number % 4))
}

async fn a_long_conversation(papo: &Papo, count: usize) -> Bot {
    let mut bot = Bot::named(papo, "Robô").await;
    for number in 1..=count {
        bot.says(&message(number)).await;
    }
    bot.is_heard().await;
    bot
}

#[tokio::test]
async fn scrolling_back_shows_all_that_was_said_and_never_moves_what_is_read() {
    let papo = Papo::start().await;
    let mut bot = a_long_conversation(&papo, SAID).await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.sees_message("Robô", &message(SAID)).await;
    let mut said = SAID;
    let mut oldest = ana.messages().await.swap_remove(0);
    for round in 0.. {
        ana.reads_at([0, 150, 399][round % 3]).await;
        // Somebody goes on talking below.
        said += 1;
        bot.says(&message(said)).await;
        let older = ana.sees_an_older_one_than(&oldest).await;
        let moved_px = ana.has_seen_it_move_px().await;
        assert!(
            moved_px <= 1.0,
            "what was read moved by {moved_px} px when {older:?} came before {oldest:?}"
        );
        assert!(round < 100, "there is no end to it");
        let Some(older) = older else { break };
        oldest = older;
    }
    ana.sees("#timeline", "Aqui começa a conversa.").await;
    ana.reads_at(0).await;
    for _ in 0..10 {
        said += 1;
        bot.says(&message(said)).await;
    }
    assert_eq!(ana.sees_message("Robô", &message(said)).await, 1);
    assert!(ana.has_seen_it_move_px().await <= 1.0);
    let all: Vec<_> = (1..=said).map(message).collect();
    assert_eq!(ana.reads_all_of_it().await, all);
}

#[tokio::test]
async fn the_beginning_is_reached_by_keyboard_alone() {
    let papo = Papo::start().await;
    let _bot = a_long_conversation(&papo, 180).await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.sees_message("Robô", &message(180)).await;
    let mut oldest = ana.messages().await.swap_remove(0);
    while let Some(older) = ana.presses_home_until_it_sees_an_older_one_than(&oldest).await {
        oldest = older;
    }
    ana.sees("#timeline", "Aqui começa a conversa.").await;
    assert_eq!(ana.reads_all_of_it().await, (1..=180).map(message).collect::<Vec<_>>());
}
