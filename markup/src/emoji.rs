//! What emoji are called between colons, in English and in Portuguese: the commonest only, since the table travels
//! to every phone. For the composer; knows nothing of messages.

/// Name and emoji, a line each, in the order of the names. One text takes less than half of the bytes that as
/// many pairs would, and is short enough to be searched from its beginning.
const TABLE: &str = "\
+1 👍
-1 👎
100 💯
abacate 🥑
abelha 🐝
abraco 🤗
airplane ✈️
aliviado 😌
alvo 🎯
angry 😠
anjo 😇
apaixonado 😍
apple 🍎
arrow_left ⬅️
arrow_right ➡️
arvore 🌳
atencao ⚠️
aviao ✈️
avocado 🥑
baby 👶
banana 🍌
beach 🏖️
bebe 👶
bee 🐝
beer 🍺
beers 🍻
beijo 😘
bell 🔔
bicicleta 🚲
bike 🚲
birthday 🎂
blue_heart 💙
blush 😊
bolo 🍰
bomb 💣
bomba 💣
book 📖
boom 💥
brain 🧠
brasil 🇧🇷
bread 🍞
brinde 🍻
broken_heart 💔
broto 🌱
bug 🐛
bulb 💡
bus 🚌
cachorro 🐶
cacto 🌵
cactus 🌵
cadeado 🔒
cafe ☕
cake 🍰
calendar 📅
calor 🥵
cansado 😫
car 🚗
caracol 🐌
caranguejo 🦀
carro 🚗
casa 🏠
cat 🐱
caveira 💀
cerebro 🧠
certo ✅
cerveja 🍺
cha 🍵
chart 📈
chave 🔑
check ✅
cheese 🧀
chorando 😭
chuva 🌧️
clap 👏
clock 🕐
cloud ☁️
clown 🤡
cobra 🐍
coco 💩
coelho 🐰
coffee ☕
cold_face 🥶
computer 💻
confused 😕
confuso 😕
construction 🚧
coracao ❤️
corado 😊
coroa 👑
crab 🦀
crossed_fingers 🤞
crown 👑
cry 😢
dancer 💃
dart 🎯
delicia 😋
dinheiro 💰
doente 🤒
dog 🐶
dormindo 😴
earth 🌎
email 📧
errado ❌
estrela ⭐
exclamation ❗
exploding_head 🤯
eyes 👀
facepalm 🤦
fantasma 👻
fearful 😨
festa 🎉
filme 🎬
fire 🔥
fish 🐟
flag_br 🇧🇷
flag_pt 🇵🇹
fogo 🔥
foguete 🚀
forca 💪
frio 🥶
frog 🐸
furia 😡
futebol ⚽
game 🎮
gargalhada 😆
gato 🐱
ghost 👻
gift 🎁
grafico 📈
green_heart 💚
grimacing 😬
grin 😁
grito 😱
guitar 🎸
hammer 🔨
handshake 🤝
heart ❤️
heart_eyes 😍
hot_face 🥵
hourglass ⏳
house 🏠
hugging 🤗
ice_cream 🍨
ideia 💡
innocent 😇
inseto 🐛
jogo 🎮
joinha 👍
joy 😂
key 🔑
kissing_heart 😘
laughing 😆
lingua 😛
livro 📖
lixo 🗑️
lock 🔒
lua 🌙
lupa 🔍
maca 🍎
macaco 🐒
mag 🔍
martelo 🔨
mascara 😷
mask 😷
medo 😨
memo 📝
metal 🤘
money 💰
monkey 🐒
moon 🌙
movie 🎬
mundo 🌎
muscle 💪
music 🎵
musica 🎵
nerd 🤓
neutral_face 😐
neve ❄️
new 🆕
nota 📝
novo 🆕
nuvem ☁️
obras 🚧
obrigado 🙏
ok_hand 👌
olhos 👀
onibus 🚌
open_mouth 😮
package 📦
pacote 📦
palhaco 🤡
palmas 👏
pao 🍞
pare 🛑
partying 🥳
peixe 🐟
penguin 🐧
pensando 🤔
phone ☎️
pig 🐷
pin 📌
pinguim 🐧
piscada 😉
pizza 🍕
pleading 🥺
point_down 👇
point_left 👈
point_right 👉
point_up 👆
poop 💩
porco 🐷
portugal 🇵🇹
praia 🏖️
pray 🙏
preocupado 😟
presente 🎁
punch 👊
queijo 🧀
question ❓
rabbit 🐰
rage 😡
rain 🌧️
rainbow 🌈
raio ⚡
raised_hands 🙌
raiva 😠
relieved 😌
relogio 🕐
risos 😂
robo 🤖
robot 🤖
rocket 🚀
rofl 🤣
rolling_eyes 🙄
rosa 🌹
rose 🌹
sapo 🐸
scream 😱
see_no_evil 🙈
seedling 🌱
shrug 🤷
sick 🤒
sino 🔔
skull 💀
sleeping 😴
slight_smile 🙂
smile 😄
smiley 😃
smirk 😏
snail 🐌
snake 🐍
snowflake ❄️
sob 😭
soccer ⚽
soco 👊
sol ☀️
sorriso 😄
sorvete 🍨
sos 🆘
sparkles ✨
star ⭐
stop 🛑
stuck_out_tongue 😛
sun ☀️
sunglasses 😎
sweat_smile 😅
tada 🎉
tartaruga 🐢
tchau 👋
tea 🍵
telefone ☎️
thinking 🤔
thumbsdown 👎
thumbsup 👍
tired_face 😫
train 🚆
trash 🗑️
tree 🌳
trem 🚆
triste 😢
trofeu 🏆
trophy 🏆
turtle 🐢
unicorn 🦄
unicornio 🦄
upside_down 🙃
v ✌️
vinho 🍷
violao 🎸
warning ⚠️
wave 👋
wine 🍷
wink 😉
worried 😟
wrench 🔧
x ❌
yum 😋
zap ⚡
zzz 💤";

/// The emoji of that name, whatever its case and accents.
///
/// ```
/// assert_eq!(markup::emoji("smile"), Some("😄"));
/// assert_eq!(markup::emoji("Coração"), Some("❤️"));
/// assert_eq!(markup::emoji("smi"), None);
/// ```
#[must_use]
pub fn emoji(name: &str) -> Option<&'static str> {
    let name = folded(name);
    table().find(|(its, _)| *its == name).map(|(_, emoji)| emoji)
}

/// The first `count_max` names that begin so, whatever the case and accents, each with its emoji.
///
/// ```
/// let found = markup::emoji_starting("smi", 2);
/// assert_eq!(found, [("smile", "😄"), ("smiley", "😃")]);
/// ```
#[must_use]
pub fn emoji_starting(prefix: &str, count_max: usize) -> Vec<(&'static str, &'static str)> {
    let prefix = folded(prefix);
    table().filter(|(name, _)| name.starts_with(&prefix)).take(count_max).collect()
}

fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter_map(|line| line.split_once(' '))
}

/// As names stand in the table: small letters, none of them accented. So what people begin to type is compared
/// with other names, too.
///
/// ```
/// assert_eq!(markup::folded("João Açaí"), "joao acai");
/// ```
#[must_use]
pub fn folded(name: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' | 'Á' | 'À' | 'Â' | 'Ã' => 'a',
        'é' | 'ê' | 'É' | 'Ê' => 'e',
        'í' | 'Í' => 'i',
        'ó' | 'ô' | 'õ' | 'Ó' | 'Ô' | 'Õ' => 'o',
        'ú' | 'Ú' => 'u',
        'ç' | 'Ç' => 'c',
        c => c.to_ascii_lowercase(),
    };
    name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_each_stands_once() {
        let names: Vec<_> = table().map(|(name, _)| name).collect();
        assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
        assert_eq!(names.len(), TABLE.lines().count());
    }

    #[test]
    fn every_name_can_be_typed_between_colons_and_finds_its_emoji() {
        for (name, shown) in table() {
            assert!(
                !name.is_empty()
                    && name
                        .bytes()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"_+-".contains(&c)),
                "{name}"
            );
            assert!(!shown.is_ascii() && !shown.contains(' '), "{name}: {shown}");
            assert_eq!(emoji(name), Some(shown));
        }
    }

    #[test]
    fn both_languages_find_the_same() {
        for (en, pt) in [
            ("heart", "coração"),
            ("tada", "festa"),
            ("coffee", "CAFÉ"),
            ("crab", "caranguejo"),
            ("pray", "OBRIGADO"),
        ] {
            assert!(emoji(en).is_some(), "{en}");
            assert_eq!(emoji(en), emoji(pt), "{en} {pt}");
        }
    }

    #[test]
    fn what_begins_so_comes_in_order_and_no_more_of_it_than_asked() {
        let names = |prefix, count_max| {
            emoji_starting(prefix, count_max).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names("Coraç", 9), ["coracao"]);
        assert_eq!(names("be", 3), ["beach", "bebe", "bee"]);
        assert_eq!(names("", 5).len(), 5);
        assert!(names("não há", 5).is_empty());
    }
}
