//! The page as it is drawn: which components there are, what each is shown, and whom each tells.
//!
//! Must not change anything: what a component tells becomes a message of the page.

use protocol::{Label, Lang, Name, RoomName};
use yew::html::Scope;
use yew::prelude::*;

use super::{App, Msg};
use crate::browser::{self, Switches, Theme};
use crate::components::{
    Composer, ConnectionBar, Finding, NameForm, SearchPanel, Timeline, Wish, WrittenAbout, people, room_list,
};
use crate::connection::Connection;
use crate::rows::RowNumber;
use crate::told::Choice;

/// Made once: a callback made anew at each drawing would have every component drawn anew too.
pub(super) struct Callbacks {
    say: Callback<String>,
    answer_name: Callback<String>,
    edit: Callback<(RowNumber, bool)>,
    discard: Callback<RowNumber>,
    look_back: Callback<()>,
    at_end: Callback<bool>,
    go: Callback<RoomName>,
    retry: Callback<()>,
    choose_lang: Callback<Lang>,
    choose_theme: Callback<Theme>,
    choose_telling: Callback<bool>,
    switch: Callback<Switches>,
    typed: Callback<()>,
    choose: Callback<Choice>,
    search: Callback<()>,
    find: Callback<Finding>,
    wish: Callback<Wish>,
}

impl Callbacks {
    pub(super) fn new(link: &Scope<App>) -> Self {
        Self {
            say: link.callback(Msg::Say),
            answer_name: link.callback(Msg::AnswerName),
            edit: link.callback(|(row, corrected)| Msg::Edit { row, corrected }),
            discard: link.callback(Msg::Discard),
            look_back: link.callback(|()| Msg::LookBack),
            at_end: link.callback(Msg::AtEnd),
            go: link.callback(Msg::Go),
            retry: link.callback(|()| Msg::Retry),
            choose_lang: link.callback(Msg::ChooseLang),
            choose_theme: link.callback(Msg::ChooseTheme),
            choose_telling: link.callback(Msg::ChooseTelling),
            switch: link.callback(Msg::Switch),
            typed: link.callback(|()| Msg::Typed),
            choose: link.callback(Msg::Choose),
            search: link.callback(|()| Msg::Find(Finding::Open)),
            find: link.callback(Msg::Find),
            wish: link.callback(Msg::Do),
        }
    }
}

impl App {
    /// The page as it is now.
    pub(super) fn draw(&self) -> Html {
        let lang = self.state.lang();
        let name = self.state.name().map(AttrValue::from);
        let here = self.state.here().name();
        let mut rooms: Vec<_> = self.state.followed().map(|it| (it.room.clone(), it.unread())).collect();
        if !rooms.iter().any(|(room, _)| room == here) {
            rooms.push((here.clone(), 0));
        }
        let people_here = (&**self.state.here().names(), self.state.here().people_count());
        let number = self.state.here().number();
        let room = AttrValue::from(here.to_string());
        let question = self.state.question().map(|question| {
            let (question, field) = (question.clone(), &self.name_field);
            html! { <NameForm {lang} {question} {field} on_answer={&self.callbacks.answer_name} /> }
        });
        let finder = self.state.finder();
        let search = finder.is_open().then(|| {
            html! { <SearchPanel {lang} finder={finder.clone()} room={&room} on_find={&self.callbacks.find} /> }
        });
        html! {
            <>
                <ConnectionBar
                    {lang}
                    connection={self.connection}
                    seconds_left={self.connection.seconds_left(browser::now_ms())}
                    room={&room}
                    name={name.clone()}
                    unread={self.state.unread_in_all()}
                    theme={self.theme}
                    telling={self.telling}
                    switches={self.switches}
                    choice={self.state.choice()}
                    on_retry={&self.callbacks.retry}
                    on_lang={&self.callbacks.choose_lang}
                    on_theme={&self.callbacks.choose_theme}
                    on_telling={&self.callbacks.choose_telling}
                    on_switch={&self.callbacks.switch}
                    on_choice={&self.callbacks.choose}
                    on_search={&self.callbacks.search}
                />
                { for search }
                { room_list(lang, here, &rooms, &self.callbacks.go) }
                { people(lang, people_here, self.state.name(), &self.callbacks.go) }
                { self.timeline() }
                <footer>
                    { self.typing() }
                    <div class="question">{ for question }</div>
                    // Another one in each room, too: drafts belong where they were typed.
                    <Composer
                        key={number}
                        {lang}
                        room={&room}
                        full={self.state.is_full()}
                        rows={self.state.rows().clone()}
                        here={self.state.here().names()}
                        known={self.state.known().clone()}
                        area={&self.composer}
                        about={self.written_about()}
                        on_say={&self.callbacks.say}
                        on_typed={&self.callbacks.typed}
                        on_wish={&self.callbacks.wish}
                    />
                </footer>
            </>
        }
    }

    /// The conversation in the room that the reader looks at.
    fn timeline(&self) -> Html {
        let pending = self.state.pending_here().cloned().collect::<Vec<_>>();
        let offline =
            !matches!(self.connection, Connection::Connected | Connection::Connecting { attempt: 0, .. });
        html! {
            // Another one in each room: it opens where the news begin, or at the end.
            <Timeline
                key={self.state.here().number()}
                lang={self.state.lang()}
                rows={self.state.rows().clone()}
                past={self.state.past()}
                start={self.state.starts()}
                first_new={self.state.first_new()}
                unseen={self.state.is_unseen()}
                complete={self.state.is_complete().then_some(self.lacks)}
                unread={self.state.unread()}
                {pending}
                name={self.state.name().map(AttrValue::from)}
                known={self.state.known().clone()}
                {offline}
                today={browser::day(browser::now_ms())}
                on_edit={&self.callbacks.edit}
                on_discard={&self.callbacks.discard}
                on_look_back={&self.callbacks.look_back}
                on_end={&self.callbacks.at_end}
                on_go={&self.callbacks.go}
                open={self.open}
                on_wish={&self.callbacks.wish}
            />
        }
    }

    /// Who else is writing. Not read out: it would talk over what is said.
    fn typing(&self) -> Html {
        let names = self.state.typing();
        if names.is_empty() || !self.switches.typing {
            return Html::default();
        }
        let names: Vec<_> = names.iter().map(Name::as_str).collect();
        html! { <p class="typing">{ Label::Typing.in_lang(self.state.lang()) }{ " " }<b>{ names.join(", ") }</b></p> }
    }

    /// The message that the reader writes about.
    fn written_about(&self) -> Option<WrittenAbout> {
        let (about, message) = self.state.about()?;
        let author = AttrValue::from(message.author.to_string());
        Some(WrittenAbout { about, author, text: AttrValue::from(message.text.clone()) })
    }
}
