//! The page as a whole: holds the state, the connection and the socket together.
//!
//! Owns who is told what: frames go from the socket to the state, entered lines from the state to the
//! socket. Must not know how anything looks, or what a frame means.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use protocol::{ClientFrame, LineId, Name, ServerFrame};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::{self, Memory, Signal};
use crate::components::{Composer, ConnectionBar, NameForm, Timeline, has_draft, put_back};
use crate::connection::{Connection, Ending};
use crate::rows::RowNumber;
use crate::socket::{Heard, Socket};
use crate::state::{Gap, Pending, Said, State};

/// The page.
pub(crate) struct App {
    state: State,
    connection: Connection,
    socket: Option<Socket>,
    /// Which socket this is: what an earlier one still had to tell does not count.
    socket_number: u32,
    /// Wakes the connection when it has to do something, or the countdown shows another number.
    timer: Option<Timeout>,
    /// The box one writes in. It is its own master, so that drafts survive whatever happens here.
    composer: NodeRef,
    /// The field for a name, its own master too.
    name_field: NodeRef,
    /// Whether the question for a name was open when the page was last drawn, if ever.
    asked: Option<bool>,
    /// In which room the page was last drawn.
    drawn: Option<Name>,
    callbacks: Callbacks,
    /// Heard for as long as they are kept.
    _signals: [EventListener; 3],
    _forgotten: EventListener,
    _addressed: EventListener,
}

/// Made once: a callback made anew at each drawing would have every component drawn anew too.
struct Callbacks {
    say: Callback<String>,
    answer_name: Callback<String>,
    edit: Callback<RowNumber>,
    discard: Callback<RowNumber>,
    look_back: Callback<()>,
    go: Callback<Name>,
    retry: Callback<()>,
}

/// What happens to the page.
pub(crate) enum Msg {
    /// The socket of that number has something to tell.
    Heard(u32, Heard),
    /// The browser has noticed something.
    Noticed(Signal),
    /// The timer is up.
    Ticked,
    /// The reader wants to be connected now.
    Retry,
    /// The reader entered a line.
    Say(String),
    /// The reader entered a name.
    AnswerName(String),
    /// The reader wants the refused line of that row back.
    Edit(RowNumber),
    /// The reader lets the refused line of that row go.
    Discard(RowNumber),
    /// The reader has come near the beginning of what is shown.
    LookBack,
    /// The reader goes to a room.
    Go(Name),
    /// Another window keeps that line no longer: it is settled.
    Forgotten(LineId),
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        let lang = browser::lang();
        browser::show_lang(lang);
        let first = Connection::first(browser::now_ms());
        let room = browser::addressed_room();
        browser::show_room(&room, false);
        let kept = browser::kept_lines().into_iter();
        let kept = kept.map(|(at_ms, id, room, line)| Pending::kept(id, room, line, at_ms)).collect();
        let mut app = Self {
            state: State::new(lang, browser::token(), room, kept),
            connection: first,
            socket: None,
            socket_number: 0,
            timer: None,
            composer: NodeRef::default(),
            name_field: NodeRef::default(),
            asked: None,
            drawn: None,
            callbacks: Callbacks {
                say: link.callback(Msg::Say),
                answer_name: link.callback(Msg::AnswerName),
                edit: link.callback(Msg::Edit),
                discard: link.callback(Msg::Discard),
                look_back: link.callback(|()| Msg::LookBack),
                go: link.callback(Msg::Go),
                retry: link.callback(|()| Msg::Retry),
            },
            _signals: browser::listen(&link.callback(Msg::Noticed)),
            _forgotten: browser::listen_for_forgotten(link.callback(Msg::Forgotten)),
            _addressed: browser::listen_for_room(link.callback(Msg::Go)),
        };
        app.move_to(ctx, first);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let (now_ms, chance) = (browser::now_ms(), browser::chance());
        let lang = self.state.lang();
        let room = self.state.here().name().clone();
        let going = !matches!(msg, Msg::Heard(..));
        let pending: Vec<_> = self.state.pending().cloned().collect();
        match msg {
            Msg::Heard(number, heard) if number == self.socket_number => self.heard(ctx, heard),
            Msg::Heard(..) => return false,
            Msg::Noticed(Signal::Offline) => self.move_to(ctx, self.connection.lost(now_ms, chance)),
            Msg::Noticed(_) => self.move_to(ctx, self.connection.encouraged(now_ms)),
            Msg::Ticked => self.move_to(ctx, self.connection.ticked(now_ms, chance)),
            Msg::Retry => self.move_to(ctx, self.connection.retried(now_ms)),
            Msg::Say(line) => match self.state.say(line, browser::fresh_id(), now_ms) {
                Said::Kept => {}
                Said::Full(line) => put_back(&self.composer, &line),
                Said::Goodbye => self.move_to(ctx, Connection::Ended(Ending::Left)),
            },
            Msg::AnswerName(name) => self.state.answer_name(&name, browser::fresh_id(), now_ms),
            Msg::Edit(row) => {
                if let Some(line) = self.state.take_refused(row) {
                    put_back(&self.composer, &line);
                }
            }
            Msg::Discard(row) => {
                self.state.take_refused(row);
            }
            Msg::LookBack => self.state.look_back(),
            Msg::Go(room) => self.state.go(room),
            Msg::Forgotten(id) => self.state.settled_elsewhere(&id),
        }
        // Kept before it is sent: what the server may know, a reload must not forget.
        self.keep_pending(&pending);
        self.send_unsent();
        if self.state.lang() != lang {
            browser::show_lang(self.state.lang());
            browser::remember(Memory::Lang, self.state.lang().tag());
        }
        if *self.state.here().name() != room {
            browser::show_room(self.state.here().name(), going);
        }
        true
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        let lang = self.state.lang();
        let name = self.state.name().map(AttrValue::from);
        let room = self.state.here().name();
        let pending = self.state.pending().filter(|line| line.room == *room).cloned().collect::<Vec<_>>();
        let room = AttrValue::from(room.to_string());
        let question = self.state.question().map(|question| {
            let (question, field) = (question.clone(), &self.name_field);
            html! { <NameForm {lang} {question} {field} on_answer={&self.callbacks.answer_name} /> }
        });
        html! {
            <>
                <ConnectionBar
                    {lang}
                    connection={self.connection}
                    seconds_left={self.connection.seconds_left(browser::now_ms())}
                    room={&room}
                    name={name.clone()}
                    on_retry={&self.callbacks.retry}
                />
                // Another one in each room: it opens at the end of the conversation.
                <Timeline
                    key={room.as_str()}
                    {lang}
                    rows={self.state.rows().clone()}
                    past={self.state.past()}
                    start={self.state.starts()}
                    {pending}
                    {name}
                    on_edit={&self.callbacks.edit}
                    on_discard={&self.callbacks.discard}
                    on_look_back={&self.callbacks.look_back}
                    on_go={&self.callbacks.go}
                />
                <footer>
                    <div class="question">{ for question }</div>
                    // Another one in each room, too: drafts belong where they were typed.
                    <Composer
                        key={room.as_str()}
                        {lang}
                        room={&room}
                        full={self.state.is_full()}
                        area={&self.composer}
                        on_say={&self.callbacks.say}
                    />
                </footer>
            </>
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first_render: bool) {
        let asks = self.state.question().is_some();
        let here = self.state.here().name().clone();
        let as_before = self.asked.replace(asks) == Some(asks);
        if self.drawn.replace(here) == self.drawn && as_before {
            return;
        }
        if !asks {
            focus(&self.composer);
        } else if !has_draft(&self.composer) {
            // Who is asked in the middle of a sentence keeps the focus.
            focus(&self.name_field);
        }
    }
}

impl App {
    fn heard(&mut self, ctx: &Context<Self>, heard: Heard) {
        let (now_ms, chance) = (browser::now_ms(), browser::chance());
        match heard {
            Heard::Opened => self.send(&self.state.hello()),
            Heard::Frame(frame) => {
                let welcome = matches!(frame, ServerFrame::Welcome { .. });
                match self.state.apply(frame) {
                    Ok(()) if welcome => self.move_to(ctx, self.connection.welcomed()),
                    Ok(()) => {}
                    Err(Gap) => self.move_to(ctx, self.connection.lost(now_ms, chance)),
                }
            }
            Heard::Unreadable => self.move_to(ctx, Connection::Ended(Ending::Outdated)),
            Heard::Closed(code) => self.move_to(ctx, self.connection.closed(code, now_ms, chance)),
        }
    }

    /// The one place where the connection changes: the socket and the timer follow it.
    fn move_to(&mut self, ctx: &Context<Self>, next: Connection) {
        self.connection = next;
        if !next.is_open() {
            self.socket = None;
        } else if self.socket.is_none() {
            self.socket_number += 1;
            let number = self.socket_number;
            let heard = ctx.link().callback(move |heard| Msg::Heard(number, heard));
            self.socket = Socket::open(&browser::socket_url(), heard);
        }
        self.timer = next.next_tick_ms(browser::now_ms()).map(|ms| {
            let link = ctx.link().clone();
            Timeout::new(ms, move || link.send_message(Msg::Ticked))
        });
    }

    /// Has the browser keep the lines that are waiting now, of which it has kept those.
    fn keep_pending(&self, kept: &[Pending]) {
        for gone in kept.iter().filter(|gone| !self.state.pending().any(|it| it.id == gone.id)) {
            browser::forget_line(gone.at_ms, &gone.id, &gone.room);
        }
        for new in self.state.pending().filter(|new| !kept.iter().any(|it| it.id == new.id)) {
            browser::keep_line(new.at_ms, &new.id, &new.room, &new.line);
        }
    }

    fn send_unsent(&mut self) {
        if self.connection == Connection::Connected {
            for frame in self.state.take_unsent() {
                self.send(&frame);
            }
        }
    }

    fn send(&self, frame: &ClientFrame) {
        if let Some(socket) = &self.socket {
            socket.send(frame);
        }
    }
}

fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // Never refused to an element that is on the page.
        let _ = element.focus();
    }
}
