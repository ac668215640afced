"""Emoji by their signs, where a page shows what people typed by name: `:tada:` is 🎉."""

import re
import unicodedata
from typing import Final

_NAMED: Final = """
bulb 💡 x ❌ question ❓ exclamation ❗ white_check_mark ✅ warning ⚠️ +1 👍 thumbsup 👍 -1 👎
thumbsdown 👎 clap 👏 raised_hands 🙌 pray 🙏 wave 👋 muscle 💪 point_right 👉 point_up ☝️
point_down 👇 ok_hand 👌 heart ❤️ smile 😄 grinning 😀 blush 😊 joy 😂 wink 😉 sweat_smile 😅
heart_eyes 😍 sob 😭 cry 😢 star_struck 🤩 partying_face 🥳 sunglasses 😎 tada 🎉 star ⭐ star2 🌟
dizzy 💫 zap ⚡ medal 🏅 dart 🎯 mega 📣 loudspeaker 📢 book 📖 pencil 📝 pencil2 ✏️ link 🔗 email ✉️
mailbox 📫 date 📅 clock3 🕒 hourglass_flowing_sand ⏳ mag 🔍 mag_right 🔎 computer 💻 iphone 📱
headphones 🎧 art 🎨 mortar_board 🎓 apple 🍎 coffee ☕ cake 🍰 birthday 🎂 sunny ☀️ earth_americas
🌎 house 🏠 office 🏢 jigsaw 🧩 puzzle 🧩 thread 🧵 raising_hand 🙋 information_source ℹ️ recycle
♻️ repeat 🔁 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrows_counterclockwise 🔄
plus ➕ stop_sign 🛑 new 🆕 100 💯 1234 🔢 one 1️⃣ two 2️⃣ three 3️⃣ white_circle ⚪ black_circle
⚫ red_circle 🔴
"""  # noqa: RUF001  (they are meant)
"""Those that are called otherwise than in Unicode, each with its sign."""

_NAMES: Final = dict(zip(_NAMED.split()[::2], _NAMED.split()[1::2], strict=True))
_EMOJI: Final = re.compile(r"(?<![\w:]):([a-z0-9_+'-]{1,80}):(?::skin-tone-([2-6]):)?(?!\w)")


def signs(text: str) -> str:
    """The text with a sign for each emoji that is known; a workspace's own ones stay names."""
    return _EMOJI.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    name, tone = found.groups()
    sign = _NAMES.get(name) or _of_unicode(name.replace("_", " "))
    return sign + (chr(0x1F3F9 + int(tone)) if tone else "") if sign else found[0]


def _of_unicode(name: str) -> str:
    try:
        sign = unicodedata.lookup(name)
    except KeyError:
        return ""
    return sign if unicodedata.category(sign) == "So" else ""
