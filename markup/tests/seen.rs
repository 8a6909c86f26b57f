//! What a person types, and what is seen of it.
//!
//! In the tables, `[b oi]` is bold, `[i oi]` italic, `[s oi]` struck out, `[code x]` code, `[link x]` a link,
//! `[@Ana]` a mention, `[#obras]` a room, `⏎` a line break; `¶` stands between blocks.

use markup::{Block, Inline, Names, parse, parse_among, plain};

fn blocks(blocks: &[Block<'_>]) -> String {
    blocks.iter().map(block).collect::<Vec<_>>().join(" ¶ ")
}

fn block(block: &Block<'_>) -> String {
    match block {
        Block::Paragraph(nodes) => inline(nodes),
        Block::Quote(inner) => format!("[quote {}]", blocks(inner)),
        Block::Code { lang, lines } => format!("[code {}: {}]", lang.unwrap_or("-"), lines.join("⏎")),
        Block::List { ordered, items } => {
            let items: Vec<_> = items.iter().map(|nodes| inline(nodes)).collect();
            format!(
                "[list {}: {}]",
                ordered.map_or("-".into(), |number| number.to_string()),
                items.join(" | ")
            )
        }
    }
}

fn inline(nodes: &[Inline<'_>]) -> String {
    let seen = |node: &Inline<'_>| match node {
        Inline::Text(text) => (*text).to_owned(),
        Inline::Strong(inner) => format!("[b {}]", inline(inner)),
        Inline::Emphasis(inner) => format!("[i {}]", inline(inner)),
        Inline::Strike(inner) => format!("[s {}]", inline(inner)),
        Inline::Code(code) => format!("[code {code}]"),
        Inline::Link(address) => format!("[link {address}]"),
        Inline::Mention(name) => format!("[@{name}]"),
        Inline::Room(name) => format!("[#{name}]"),
        Inline::Break => "⏎".to_owned(),
    };
    nodes.iter().map(seen).collect()
}

/// Each pair is what is typed, and what is seen.
fn check(table: &[(&str, &str)]) {
    for (typed, seen) in table {
        assert_eq!(blocks(&parse(typed)), *seen, "{typed:?}");
    }
}

/// Each is seen as it is typed.
fn check_as_typed(table: &[&str]) {
    for typed in table {
        assert_eq!(blocks(&parse(typed)), typed.replace('\n', "⏎"));
    }
}

#[test]
fn marked_words_are_bold_italic_or_struck_out() {
    check(&[
        ("*oi*", "[b oi]"),
        ("**oi**", "[b oi]"),
        ("_oi_", "[i oi]"),
        ("~oi~", "[s oi]"),
        ("~~oi~~", "[s oi]"),
        ("é *muito* bom", "é [b muito] bom"),
        ("*duas palavras* _e mais_", "[b duas palavras] [i e mais]"),
        ("*çã* _李明_ ~🎉~", "[b çã] [i 李明] [s 🎉]"),
    ]);
}

#[test]
fn marks_may_touch_punctuation_and_emoji() {
    check(&[
        ("(*oi*), \"_sim_\"!", "([b oi]), \"[i sim]\"!"),
        ("*oi*. *oi*: *oi*", "[b oi]. [b oi]: [b oi]"),
        ("*oi!* *(talvez)* *\"sim\"*", "[b oi!] [b (talvez)] [b \"sim\"]"),
        ("🎉*festa*🎉 «*oi*»", "🎉[b festa]🎉 «[b oi]»"),
        ("*feito 🎉*!", "[b feito 🎉]!"),
        ("sim,*não*", "sim,[b não]"),
    ]);
}

#[test]
fn marks_stand_within_one_another() {
    check(&[
        ("*_oi_*", "[b [i oi]]"),
        ("*a _b_ ~c~*", "[b a [i b] [s c]]"),
        ("_~*oi*~_", "[i [s [b oi]]]"),
        ("**a *b* c**", "[b a [b b] c]"),
    ]);
}

#[test]
fn marks_that_cross_or_have_no_other_end_stay_as_typed() {
    check(&[
        ("*a _b* c_", "[b a _b] c_"),
        ("*a *b*", "*a [b b]"),
        ("*a* b*", "[b a] b*"),
        ("**a*", "**a*"),
        ("_*a_", "[i *a]"),
    ]);
    check_as_typed(&[
        "*",
        "**",
        "***",
        "*oi",
        "oi*",
        "_oi",
        "preço*: 5",
        "* ",
        "*_~",
        "~5 ou ~6",
        "***oi***",
    ]);
}

#[test]
fn a_mark_does_not_reach_over_a_line_break() {
    check_as_typed(&["*a\nb*", "`a\nb`", "_a\n\nb_"]);
}

#[test]
fn names_of_files_and_functions_sums_and_smileys_stay_as_typed() {
    check_as_typed(&[
        "snake_case_names e _um_nome",
        "__init__ e __name__",
        "2*3*4 = 24, 2 * 3 * 4",
        "/home/ana/*_old_*/x ~/bin/~ ~/a:~/b",
        "src/*/*.rs src/**/*.rs *.rs */*",
        "rm *.rs *.toml; ls src/*, lib/*",
        "_rascunho_.rs",
        "C:\\tmp\\_x_\\y",
        "/* nota */ /*nota*/ /** nota */",
        "f(*args, **kwargs)",
        "int *p, *q; a = *p * *q;",
        "*_* >_< -_- ^_^ o_o ¯\\_(ツ)_/¯ (*) \"*\" e \"*\"",
        "5~10 a~b~c",
    ]);
}

#[test]
fn blanks_and_empty_lines_stay_as_typed() {
    check_as_typed(&[
        "  a  b\t c ",
        "a\n\n\nb",
        "\n",
        "a\n",
        "\n\n a",
        "\r\n",
        "\u{a0}\u{2028}",
        "    fn x() {}\n",
    ]);
    assert!(parse("").is_empty());
}

#[test]
fn code_stands_between_backticks() {
    check(&[
        ("use `x`!", "use [code x]!"),
        ("``a ` b`` ```c```", "[code a ` b] [code c]"),
        ("`Vec`s ou (`Vec`)", "[code Vec]s ou ([code Vec])"),
        ("` a `", "[code  a ]"),
        ("*veja `x`*", "[b veja [code x]]"),
    ]);
    check_as_typed(&["`", "``", "`a", "``a`", "d`água e d`ouro", "````a````"]);
}

#[test]
fn nothing_within_code_is_read() {
    check(&[
        ("`*a* @Ana https://x.org`", "[code *a* @Ana https://x.org]"),
        ("*a `b* c`", "*a [code b* c]"),
        ("```\n*a* @Ana\n> b\n- c\n```", "[code -: *a* @Ana⏎> b⏎- c]"),
    ]);
}

#[test]
fn pasted_code_keeps_its_form() {
    check(&[
        ("```\nif x:\n\n    y()  \n\tz\n```", "[code -: if x:⏎⏎    y()  ⏎\tz]"),
        ("```rust\nfn a() {}\n```", "[code rust: fn a() {}]"),
        ("veja:\n\n``` c++ \nx\n```\nviu?", "veja: ¶ [code c++: x] ¶ viu?"),
        ("````md\n```\nx\n```\n````", "[code md: ```⏎x⏎```]"),
        ("```\na\n```\n```\nb\n```", "[code -: a] ¶ [code -: b]"),
        ("```rust\n/// ```\n/// x\n/// ```\n```", "[code rust: /// ```⏎/// x⏎/// ```]"),
    ]);
}

#[test]
fn code_may_stand_on_the_lines_of_its_fences() {
    check(&[
        ("```fn a() {\n    1\n}```", "[code -: fn a() {⏎    1⏎}]"),
        ("```fn a() {\n}```\ne\n```\nb\n```", "[code -: fn a() {⏎}] ¶ e ¶ [code -: b]"),
        ("```\na\nb``` ", "[code -: a⏎b]"),
        ("```oi\ntudo bem```", "[code oi: tudo bem]"),
        ("```oi```", "[code oi]"),
    ]);
}

#[test]
fn a_fence_without_end_stays_as_typed() {
    check_as_typed(&["```", "```\n```", "```rust\nx", "a ```\nb", "``\na\n``", "````\na\n```"]);
    check(&[("```\n*a*", "```⏎[b a]")]);
}

#[test]
fn lines_after_an_angle_are_a_quote() {
    check(&[
        ("> oi", "[quote oi]"),
        ("> *a*\n> b\nsim", "[quote [b a]⏎b] ¶ sim"),
        ("> a\n>\n> b", "[quote a⏎⏎b]"),
        ("a\n> b\nc", "a ¶ [quote b] ¶ c"),
        ("> - a\n> - b\n> ```\n> x\n> ```", "[quote [list -: a | b] ¶ [code -: x]]"),
        ("> > a\n> b", "[quote [quote a] ¶ b]"),
    ]);
    check_as_typed(&[">", "> ", ">oi", ">> oi", "a > b", " > a"]);
}

#[test]
fn quotes_deeper_than_three_stay_as_typed() {
    check(&[("> > > > > a", "[quote [quote [quote > > a]]]")]);
}

#[test]
fn lines_after_a_dash_star_or_number_are_a_list() {
    check(&[
        ("- a\n- *b*", "[list -: a | [b b]]"),
        ("* a\n- b", "[list -: a | b]"),
        ("1. a\n2. b", "[list 1: a | b]"),
        ("para:\n\n- pão\n- leite\n\nok?", "para: ¶ [list -: pão | leite] ¶ ok?"),
        ("- a\n1. b", "[list -: a] ¶ [list 1: b]"),
        ("* a* b", "[list -: a* b]"),
    ]);
    check_as_typed(&[
        "-",
        "- ",
        "-a",
        "1.",
        "1. ",
        "1.a",
        "1) a",
        "+1. a",
        "01. a",
        "4294967295. a",
        " - a",
        "x. a",
    ]);
}

#[test]
fn the_numbers_of_a_list_are_those_that_were_typed() {
    check(&[
        ("3. a\n4. b", "[list 3: a | b]"),
        ("1. a\n1. b\n3. c", "[list 1: a] ¶ [list 1: b] ¶ [list 3: c]"),
        ("0. a\n1. b", "[list 0: a | b]"),
        ("2024. foi bom\n999999999. fim", "[list 2024: foi bom] ¶ [list 999999999: fim]"),
    ]);
}

#[test]
fn an_address_is_a_link_without_the_punctuation_around_it() {
    check(&[
        ("https://x.org", "[link https://x.org]"),
        ("veja HTTP://X.org/a?b=c#d.", "veja [link HTTP://X.org/a?b=c#d]."),
        ("https://x.org/a, https://x.org!?", "[link https://x.org/a], [link https://x.org]!?"),
        ("(https://x.org/a_(b))", "([link https://x.org/a_(b)])"),
        ("(veja https://x.org/a).", "(veja [link https://x.org/a])."),
        ("\"https://x.org\" 'https://x.org'", "\"[link https://x.org]\" '[link https://x.org]'"),
        ("<https://x.org> «https://x.org»", "<[link https://x.org]> «[link https://x.org]»"),
        ("请看https://x.org/。谢谢", "请看[link https://x.org/]。谢谢"),
        ("https://x.org/a–b — https://x.org/🎉", "[link https://x.org/a–b] — [link https://x.org/]🎉"),
        ("https://ação.br/é http://[::1]:80/", "[link https://ação.br/é] [link http://[::1]:80/]"),
        ("http://localhost:8080/sala/obras", "[link http://localhost:8080/sala/obras]"),
        ("mailto:ana@x.org.", "[link mailto:ana@x.org]."),
    ]);
}

#[test]
fn marks_around_an_address_are_not_part_of_it_and_marks_within_it_are() {
    check(&[
        ("*https://x.org*", "[b [link https://x.org]]"),
        ("_veja https://x.org/a_b_", "[i veja [link https://x.org/a_b]]"),
        ("*_https://x.org_*", "[b [i [link https://x.org]]]"),
        ("https://x.org/_a_ https://x.org/A_", "[link https://x.org/_a_] [link https://x.org/A_]"),
        ("https://x.org/@ana#obras", "[link https://x.org/@ana#obras]"),
    ]);
}

#[test]
fn nothing_but_web_and_mail_is_a_link() {
    check_as_typed(&[
        "javascript:alert(1) data:text/html,x file:///etc/passwd ftp://x.org vbscript:x",
        "www.x.org x.org ana@x.org",
        "http:// https:///x https://. xhttp://x.org http:x.org mailto: mailto:ana mailto:@x",
    ]);
}

#[test]
fn no_link_leads_elsewhere_than_it_reads() {
    check(&[("[banco](https://evil.org)", "[banco]([link https://evil.org])")]);
    check_as_typed(&[
        "https://banco.br@evil.org",
        "https://banco.br:443@evil.org/",
        "https://banco.br\u{2044}login.evil.org",
        "mailto:\u{202e}gro.x@ana",
    ]);
    check(&[
        ("https://banco.br\\@evil.org", "[link https://banco.br]\\@evil.org"),
        ("https://x.org/\u{202e}gpj.exe", "[link https://x.org/]\u{202e}gpj.exe"),
    ]);
}

#[test]
fn a_name_after_an_at_or_a_hash_ends_at_the_first_blank_or_punctuation() {
    check(&[
        ("@Ana, oi", "[@Ana], oi"),
        ("oi @José_2! (@李明)", "oi [@José_2]! ([@李明])"),
        ("@Ana-Maria- *@Ana* _@Ana_", "[@Ana-Maria]- [b [@Ana]] [i [@Ana]]"),
        ("vem para #obras.", "vem para [#obras]."),
        ("#café-da-manhã @1", "[#café-da-manhã] [@1]"),
    ]);
    check_as_typed(&[
        "@",
        "@ Ana",
        "@@Ana",
        "a@Ana",
        "ana@x.org",
        "#",
        "# título",
        "##a",
        "#1 e #42",
        "c#d",
        "x/#y",
    ]);
}

struct Here;

impl Names for Here {
    fn is_person(&self, name: &str) -> bool {
        ["Ana", "Ana Maria", "d'Água", "🐸", "李明", "Ana "].contains(&name)
    }

    fn is_room(&self, name: &str) -> bool {
        ["Obras e reformas", "1"].contains(&name)
    }
}

#[test]
fn a_known_name_is_taken_whole_and_the_longest_of_them() {
    for (typed, seen) in [
        ("@Ana Maria, oi", "[@Ana Maria], oi"),
        ("@Ana Mariana", "[@Ana] Mariana"),
        ("@Anabela", "[@Anabela]"),
        ("@Ana", "[@Ana]"),
        ("@d'Água @🐸!", "[@d'Água] [@🐸]!"),
        ("@李明你好", "[@李明]你好"),
        ("*@Ana Maria*", "[b [@Ana Maria]]"),
        ("@Obras e reformas", "[@Obras] e reformas"),
        ("#Obras e reformas #1 #2", "[#Obras e reformas] [#1] #2"),
    ] {
        assert_eq!(blocks(&parse_among(typed, &Here)), seen, "{typed:?}");
    }
}

#[test]
fn short_names_of_emoji_stay_as_typed() {
    check_as_typed(&[":smile: :+1: :broken_heart:"]);
}

#[test]
fn on_one_line_a_message_has_no_marks() {
    for (typed, seen) in [
        ("", ""),
        ("*oi*  _tudo_\n\n~bem~?", "oi tudo bem?"),
        ("> a\n>\n@Ana em #obras", "“a” @Ana em #obras"),
        ("compra:\n- pão\n- leite", "compra: • pão • leite"),
        ("9. a\n10. b", "9. a 10. b"),
        ("veja\n```rust\nfn a() {\n    1\n}\n```", "veja fn a() { 1 }"),
        ("`2*3` https://x.org", "2*3 https://x.org"),
        ("2*3*4", "2*3*4"),
    ] {
        assert_eq!(plain(typed), seen, "{typed:?}");
    }
}

#[test]
fn on_one_line_a_long_message_is_cut() {
    assert_eq!(plain(&"é".repeat(200)), "é".repeat(200));
    assert_eq!(plain(&"é".repeat(201)), format!("{}…", "é".repeat(199)));
    assert_eq!(plain(&format!("{} bc", "a".repeat(198))), format!("{}…", "a".repeat(198)));
}
