//! The page as a whole: holds the state, the connection and the socket together.
//!
//! Owns who is told what: frames go from the socket to the state, entered lines from the state to the
//! socket; `view` has what is drawn of it. Must not know how anything looks, or what a frame means.

mod view;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use protocol::{ClientFrame, Cursor, Lang, LineId, RoomName, ServerFrame};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::{self, KeptLine, Memory, Signal, Switches, Telling, Theme};
use crate::completion;
use crate::components::{Finding, Open, Wish, has_draft, message_id, put_back};
use crate::connection::{Connection, Ending};
use crate::json;
use crate::rows::RowNumber;
use crate::socket::{Heard, Socket};
use crate::state::{About, Gap, Kept, Pending, Said, Shelf, State};
use crate::told::{self, Choice, Choices};
use view::Callbacks;

/// Milliseconds between two words to the server on how far the reader has read: a lively room is read many
/// times a second, and another device of the reader's shows it within one.
const READ_REST_MS: u32 = 400;
/// Milliseconds between two drawings of a page that nobody sees: browsers paint none of it.
const UNSEEN_DRAW_MS: u32 = 500;

/// Milliseconds from one sound to the next: a lively room is no alarm.
const SOUND_REST_MS: i64 = 3_000;

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
    drawn: Option<u32>,
    /// The message of which it is shown what can be done with it.
    open: Option<Open>,
    /// The same, when the page was last drawn.
    shown_open: Option<Open>,
    /// Whether it is to be drawn before it is painted again, with all that was heard until then.
    draws: bool,
    /// Likewise while nobody sees it.
    draws_unseen: Option<Timeout>,
    /// Whether the reader is at the end of the conversation, all of it.
    at_end: bool,
    /// Counts up while there is more to read than the page has.
    lacks: u32,
    /// Runs while it is too early to tell the server again how far the reader has read.
    resting: Option<Timeout>,
    theme: Theme,
    telling: Telling,
    switches: Switches,
    /// When it was last heard, in milliseconds since 1970.
    sounded_ms: i64,
    /// What the page is titled, and whether its icon tells of news.
    titled: (String, bool),
    callbacks: Callbacks,
    /// Heard for as long as they are kept.
    _signals: [EventListener; 4],
    _chosen: Option<EventListener>,
    _forgotten: EventListener,
    _addressed: EventListener,
    _resized: Option<EventListener>,
    _keys: EventListener,
}

/// What happens to the page.
pub(crate) enum Msg {
    /// The socket of that number has something to tell.
    Heard(u32, Heard),
    /// The browser has noticed something.
    Noticed(Signal),
    /// It is time to draw what was heard.
    Draw,
    /// The timer is up.
    Ticked,
    /// The reader wants to be connected now.
    Retry,
    /// The reader entered a line.
    Say(String),
    /// The reader entered a name.
    AnswerName(String),
    /// The reader wants the refused line of that row back, with the command that was meant or as it was.
    Edit { row: RowNumber, corrected: bool },
    /// The reader lets the refused line of that row go.
    Discard(RowNumber),
    /// The reader has come near the beginning of what is shown.
    LookBack,
    /// The reader has come to the end of the conversation, or left it.
    AtEnd(bool),
    /// The server may be told again how far the reader has read.
    Rested,
    /// The reader goes to a room.
    Go(RoomName),
    /// The reader chooses a language.
    ChooseLang(Lang),
    /// The reader chooses a theme.
    ChooseTheme(Theme),
    /// The reader chooses whether they are told of what is new while they look elsewhere.
    ChooseTelling(bool),
    /// They have told their browser whether they mean it.
    TellingChosen,
    /// The reader turns something on or off.
    Switch(Switches),
    /// The reader has written something that is no command.
    Typed,
    /// The reader chooses of what in this room.
    Choose(Choice),
    /// The reader looks for something.
    Find(Finding),
    /// The reader wants something with a message.
    Do(Wish),
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
        let kept = browser::kept_lines().into_iter().map(pending).collect();
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
            open: None,
            shown_open: None,
            draws: false,
            draws_unseen: None,
            at_end: false,
            lacks: 0,
            resting: None,
            theme: browser::theme(),
            telling: browser::telling(),
            switches: Switches::remembered(),
            sounded_ms: 0,
            titled: Default::default(),
            callbacks: Callbacks::new(link),
            _signals: browser::listen(&link.callback(Msg::Noticed)),
            _chosen: browser::listen_for_chosen(link.callback(Msg::Go)),
            _forgotten: browser::listen_for_forgotten(link.callback(Msg::Forgotten)),
            _addressed: browser::listen_for_room(link.callback(Msg::Go)),
            _resized: browser::keep_height(),
            _keys: browser::listen_for_keys(link.callback(|()| Msg::Find(Finding::Open))),
        };
        app.state.remember_choices(Choices::read(&browser::recall(Memory::Choices).unwrap_or_default()));
        if let Some(kept) = kept_shelf() {
            app.state.take_up(kept);
        }
        browser::employ_worker();
        app.move_to(ctx, first);
        app.show_title();
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let (now_ms, chance) = (browser::now_ms(), browser::chance());
        let lang = self.state.lang();
        let room = self.state.here().name().clone();
        let going = !matches!(msg, Msg::Heard(..));
        let heard = matches!(msg, Msg::Heard(_, Heard::Frame(_)));
        let pending: Vec<_> = self.state.pending().cloned().collect();
        match msg {
            Msg::Heard(number, heard) if number == self.socket_number => self.heard(ctx, heard),
            Msg::Heard(..) => return false,
            Msg::Draw if !self.draws => return false,
            Msg::Draw => {}
            Msg::Noticed(Signal::Offline) => self.move_to(ctx, self.connection.lost(now_ms, chance)),
            Msg::Noticed(Signal::Hidden) => {
                self.keep_shelf();
                // It may be the last that the server hears of the page: what was read is told at once.
                self.resting = None;
            }
            Msg::Noticed(_) => self.move_to(ctx, self.connection.encouraged(now_ms)),
            Msg::Ticked => self.move_to(ctx, self.connection.ticked(now_ms, chance)),
            Msg::Retry => self.move_to(ctx, self.connection.retried(now_ms)),
            Msg::Say(line) => match self.state.say(line, browser::fresh_id(), now_ms) {
                Said::Kept => {}
                Said::Full(line) => put_back(&self.composer, &line),
                Said::Goodbye => self.move_to(ctx, Connection::Ended(Ending::Left)),
            },
            Msg::AnswerName(name) => self.state.answer_name(&name, browser::fresh_id(), now_ms),
            Msg::Edit { row, corrected } => {
                if let Some(line) = self.state.take_refused(row) {
                    let meant = completion::meant(&line, lang).filter(|_| corrected);
                    put_back(&self.composer, &meant.map_or(line, |(_, line)| line));
                }
            }
            Msg::Discard(row) => {
                self.state.take_refused(row);
            }
            Msg::LookBack => self.state.look_back(),
            Msg::AtEnd(at_end) => self.at_end = at_end,
            Msg::Rested => self.resting = None,
            Msg::Go(room) => {
                browser::close_popovers();
                self.state.go(room);
            }
            Msg::ChooseLang(lang) => self.state.choose_lang(lang),
            Msg::ChooseTheme(theme) => {
                self.theme = theme;
                browser::choose_theme(theme);
            }
            Msg::ChooseTelling(on) => {
                browser::choose_telling(on, ctx.link().callback(|()| Msg::TellingChosen));
                self.telling = browser::telling();
            }
            Msg::TellingChosen => self.telling = browser::telling(),
            Msg::Switch(switches) => {
                self.switches = switches;
                switches.remember();
            }
            Msg::Typed => {
                if self.switches.typing
                    && self.connection == Connection::Connected
                    && let Some(frame) = self.state.types(now_ms)
                {
                    self.send(&frame);
                }
                return false;
            }
            Msg::Choose(choice) => {
                self.state.choose(choice);
                browser::remember(Memory::Choices, &self.state.choices().written());
            }
            Msg::Find(finding) => self.find(finding),
            Msg::Do(wish) => self.do_with_message(wish),
            Msg::Forgotten(id) => self.state.settled_elsewhere(&id),
        }
        // Kept before it is sent: what the server may know, a reload must not forget.
        self.keep_pending(&pending);
        self.look();
        self.send_unsent(ctx);
        if self.state.lang() != lang {
            browser::show_lang(self.state.lang());
            browser::remember(Memory::Lang, self.state.lang().tag());
        }
        if *self.state.here().name() != room {
            browser::show_room(self.state.here().name(), going);
        }
        self.tell();
        self.show_title();
        if heard {
            self.draw_soon(ctx);
        } else {
            (self.draws, self.draws_unseen) = (false, None);
        }
        !heard
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        self.draw()
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first_render: bool) {
        let asks = self.state.question().is_some();
        if self.open.is_some() && self.shown_open != self.open {
            browser::focus_on(".toolbar button");
        }
        self.shown_open = self.open;
        let here = self.state.here().number();
        let asked_before = self.asked.replace(asks);
        let as_before = asked_before == Some(asks);
        if self.drawn.replace(here) == Some(here) && as_before {
            return;
        }
        if !asks {
            // Who goes from room to room on a phone reads first.
            if asked_before == Some(true) || !browser::is_touched() {
                focus(&self.composer);
            }
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

    /// Has the page drawn once for all that is heard until it is painted again: a thousand messages a second are
    /// sixty drawings.
    fn draw_soon(&mut self, ctx: &Context<Self>) {
        if std::mem::replace(&mut self.draws, true) {
            return;
        }
        let link = ctx.link().clone();
        if browser::is_seen() {
            browser::before_the_next_paint(link.callback(|()| Msg::Draw));
        } else {
            self.draws_unseen = Some(Timeout::new(UNSEEN_DRAW_MS, move || link.send_message(Msg::Draw)));
        }
    }

    /// What the reader does with the search.
    fn find(&mut self, finding: Finding) {
        let finder = self.state.finder_mut();
        match finding {
            Finding::Open => finder.open(None),
            Finding::Ask(search) => finder.ask(search),
            Finding::More => finder.ask_more(),
            Finding::GoTo(hit) => finder.go_to(hit),
            Finding::Back => finder.leave_place(),
            Finding::LookBack => finder.look_back(),
            Finding::LookOn => finder.look_on(),
            Finding::Leave(room) => {
                finder.close();
                room.into_iter().for_each(|room| self.state.go(room));
                focus(&self.composer);
            }
        }
    }

    /// What the reader does with a message.
    fn do_with_message(&mut self, wish: Wish) {
        let (id, now_ms) = (browser::fresh_id(), browser::now_ms());
        let open = self.open.take();
        match wish {
            Wish::Open(next) => {
                self.open = next;
                if let Some(Open { seq, .. }) = open.filter(|_| next.is_none()) {
                    browser::focus_on(&format!("#{} .more", message_id(seq)));
                }
            }
            Wish::WriteAbout(about) => {
                self.state.write_about(about);
                focus(&self.composer);
            }
            Wish::EditLast => {
                let last = self.state.rows().last_own().map(|message| About::Edit(message.seq));
                self.state.write_about(last);
            }
            Wish::Delete(seq) => {
                self.state.delete(seq, id, now_ms);
                focus(&self.composer);
            }
            Wish::React(seq, emoji) => {
                self.state.react(seq, &emoji, id, now_ms);
                focus(&self.composer);
            }
            Wish::Show(seq) => {
                if !browser::focus_on(&format!("#{}", message_id(seq)))
                    && let Some(cursor) = self.state.here().cursor()
                {
                    let room = self.state.here().name().clone();
                    self.state.finder_mut().show(room, Cursor { seq, ..cursor });
                }
            }
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

    /// Notes what the reader sees. Where they are the timeline tells once it has drawn all there is to read.
    fn look(&mut self) {
        if !self.state.is_complete() {
            self.at_end = false;
            self.lacks += 1;
        }
        self.state.look(self.at_end && browser::is_seen());
    }

    /// Tells the reader what there is to tell, unless they look.
    fn tell(&mut self) {
        let Some(told) = self.state.take_told() else { return };
        if browser::is_looked_at() {
            return;
        }
        if self.telling == Telling::On {
            browser::tell(told.title, &told.words, &told.room);
        }
        let now_ms = browser::now_ms();
        if self.switches.sound && now_ms >= self.sounded_ms + SOUND_REST_MS {
            self.sounded_ms = now_ms;
            browser::ring();
        }
    }

    fn show_title(&mut self) {
        let unread = self.state.unread_in_all();
        let titled = (told::title(self.state.here().name(), unread), unread > 0);
        if self.titled != titled {
            browser::show_title(&titled.0, titled.1);
            self.titled = titled;
        }
    }

    /// Has the browser keep the lines that are waiting now, of which it has kept those.
    fn keep_pending(&self, kept: &[Pending]) {
        for gone in kept.iter().filter(|gone| !self.state.pending().any(|it| it.id == gone.id)) {
            browser::forget_line(gone.at_ms, &gone.id);
        }
        for new in self.state.pending().filter(|new| !kept.iter().any(|it| it.id == new.id)) {
            if let Ok(kept) = serde_json::to_string(&new.to_keep()) {
                browser::keep_line(new.at_ms, &new.id, &kept);
            }
        }
    }

    /// Has the browser keep the end of the rooms. Not with each message, but when nobody looks: on a phone that
    /// is the last that a page hears.
    fn keep_shelf(&self) {
        browser::remember(Memory::Shelf, &self.state.to_shelve(kept_shelf()).written());
    }

    fn send_unsent(&mut self, ctx: &Context<Self>) {
        if self.connection != Connection::Connected {
            return;
        }
        for frame in self.state.take_unsent() {
            self.send(&frame);
        }
        if self.resting.is_none()
            && let Some(read) = self.state.take_read()
        {
            self.send(&read);
            let link = ctx.link().clone();
            self.resting = Some(Timeout::new(READ_REST_MS, move || link.send_message(Msg::Rested)));
        }
    }

    fn send(&self, frame: &ClientFrame) {
        if let Some(socket) = &self.socket {
            socket.send(frame);
        }
    }
}

/// What was kept of the rooms.
fn kept_shelf() -> Option<Shelf> {
    Shelf::read(&browser::recall(Memory::Shelf)?, json::read)
}

/// A line that was kept; by an older page as it was typed, in `geral` where that page says nothing else.
fn pending(kept: KeptLine) -> Pending {
    let KeptLine { at_ms, id, room, value } = kept;
    let kept = json::read(&value).unwrap_or_else(|| Kept {
        room: room.unwrap_or_else(RoomName::geral),
        epoch: None,
        about: None,
        line: value,
    });
    Pending::kept(id, kept, at_ms)
}

fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // Never refused to an element that is on the page.
        let _ = element.focus();
    }
}
